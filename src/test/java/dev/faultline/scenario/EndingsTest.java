package dev.faultline.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.faultline.testing.Stories;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EndingsTest {

  @TempDir Path folder;

  private List<Endings.Tally> of(String text, long last, long steps) {
    return Endings.of(new Stories(folder).scenario(text), new SeedRange(1, last), steps, _ -> {});
  }

  private static final String RACE =
      """
      story: A load and a conversion.
      mode: tdx
      revision: %s
      memory: {size: 4 KiB, shared: 0..4 KiB}
      parties: {app: {kind: process}}
      script:
        app: [{load: {at: 0, expect: %s}}, {unmap: 0}, {load: 0, name: last}]
        vmm: [{set-private: 0}]
      """;

  @Test
  void endings_are_told_by_named_and_expecting_lines_the_most_frequent_first() {
    List<Endings.Tally> tallies =
        of(RACE.formatted("in-place-v8", "{one of: [0, SIGBUS]}"), 200, 100_000);
    assertThat(tallies)
        .extracting(tally -> tally.ending().text())
        .containsExactly(
            "app-1 SIGBUS, last no answer: as expected",
            "app-1 0, last SIGBUS: as expected",
            "app-1 0, last 0: as expected");
    assertThat(tallies.stream().mapToLong(Endings.Tally::count).sum()).isEqualTo(200);
    assertThat(tallies)
        .extracting(Endings.Tally::count)
        .isSortedAccordingTo((a, b) -> b.compareTo(a));
    for (Endings.Tally tally : tallies) {
      assertThat(
              of(
                  RACE.formatted("in-place-v8", "{one of: [0, SIGBUS]}"),
                  tally.firstSeed(),
                  100_000))
          .as("its first seed is the first that shows it")
          .anySatisfy(
              again -> {
                assertThat(again.ending()).isEqualTo(tally.ending());
                assertThat(again.count()).isEqualTo(1);
              });
    }
  }

  @Test
  void what_is_not_expected_and_a_promise_that_breaks_are_told() {
    assertThat(of(RACE.formatted("in-place-v8", "0"), 50, 100_000))
        .filteredOn(tally -> !tally.ending().asExpected())
        .extracting(tally -> tally.ending().text())
        .containsExactly(
            "app-1 SIGBUS, last no answer: NOT as expected:"
                + " story.yaml:7: app's app-1 was to end in 0, and ended in SIGBUS");
    assertThat(
            of(RACE.formatted("rfc-2024-09-without-lock", "{one of: [0, SIGBUS]}"), 300, 100_000))
        .filteredOn(tally -> !tally.ending().asExpected())
        .isNotEmpty()
        .allSatisfy(
            tally ->
                assertThat(tally.ending().verdict())
                    .startsWith("NOT as expected: PrivatePageIsNeverHostMapped broke"));
  }

  @Test
  void a_run_that_takes_too_long_is_stopped() {
    assertThat(of(RACE.formatted("in-place-v8", "0"), 3, 5))
        .containsExactly(
            new Endings.Tally(
                new Ending(
                    List.of("app-1 no answer", "last no answer"),
                    false,
                    "stopped after 5 steps, not ended"),
                3,
                1));
  }

  @Test
  void progress_is_told_after_each_run() {
    List<Long> told = new ArrayList<>();
    Endings.of(
        new Stories(folder).scenario(RACE.formatted("in-place-v8", "0")),
        new SeedRange(-1, 1),
        5,
        told::add);
    assertThat(told).containsExactly(1L, 2L, 3L);
  }

  @Test
  void a_range_of_seeds_has_both_its_ends() {
    assertThat(SeedRange.parse("1..1000")).isEqualTo(new SeedRange(1, 1000));
    assertThat(SeedRange.parse("-3..-1").count()).isEqualTo(3);
    assertThat(SeedRange.parse("7..7").count()).isEqualTo(1);
    assertThat(SeedRange.parse("1..2147483647").count()).isEqualTo(Integer.MAX_VALUE);
    assertThat(SeedRange.mistake("1..2147483647")).isEmpty();
    assertThat(SeedRange.mistake("1..2147483648")).contains("at most 2147483647 seeds at once");
    assertThat(SeedRange.mistake(Long.MIN_VALUE + ".." + Long.MAX_VALUE))
        .contains("at most 2147483647 seeds at once");
    assertThat(SeedRange.mistake("2..1")).contains("ends before it begins");
    assertThat(SeedRange.mistake("1..9223372036854775808"))
        .contains("a seed is a whole number of 64 bits");
    for (String text : List.of("", "5", "1-5", "1..", "..5", "1...5", "a..b", "1..2..3", " 1..2")) {
      assertThat(SeedRange.mistake(text))
          .as(text)
          .isEqualTo(Optional.of("expected A..B, for instance 1..1000: both are in"));
    }
    assertThatThrownBy(() -> new SeedRange(2, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> SeedRange.parse("5")).isInstanceOf(IllegalArgumentException.class);
  }
}
