package dev.faultline.protocol.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RangeMapTest {

  /** Every page there can be. */
  private static final IndexRange ALL = new IndexRange(0, 1L << 52);

  private static RangeMap<IndexRange, String> empty() {
    return RangeMap.empty();
  }

  private static IndexRange range(long start, long end) {
    return new IndexRange(start, end);
  }

  @Test
  void setting_5_to_10_and_clearing_7_to_12_leaves_5_and_6() {
    RangeMap<IndexRange, String> map = empty().with(range(5, 10), "set").without(range(7, 12));
    assertThat(map).isEqualTo(RangeMap.of(range(5, 7), "set"));
    assertThat(map).hasToString("5..6=set");
  }

  @Test
  void equal_neighbours_are_one_run() {
    RangeMap<IndexRange, String> map =
        empty().with(range(0, 4), "a").with(range(8, 12), "a").with(range(4, 8), "a");
    assertThat(map.runCount()).isEqualTo(1);
    assertThat(map.isAll(range(0, 12), "a")).isTrue();
    assertThat(map.isAll(range(0, 13), "a")).isFalse();
  }

  @Test
  void the_text_names_first_and_last_pages() {
    RangeMap<IndexRange, String> map =
        RangeMap.of(range(0, 512), "P").with(range(512, 768), "S").with(range(800, 801), "S");
    assertThat(map).hasToString("0..511=P 512..767=S 800=S");
  }

  @Test
  void a_petabyte_is_one_run() {
    IndexRange petabyte = range(0, 1L << 38);
    RangeMap<IndexRange, String> map =
        RangeMap.of(petabyte, "private").with(range(1 << 20, 1 << 21), "shared");
    assertThat(map.runs(petabyte)).hasSize(3);
    assertThat(map.get(1 << 20)).contains("shared");
    assertThat(map.update(petabyte, _ -> Optional.of("x")).runCount()).isEqualTo(1);
  }

  @Test
  void the_first_and_the_last_page_there_can_be_are_pages_like_any_other() {
    IndexRange last = range(ALL.end() - 1, ALL.end());
    RangeMap<IndexRange, String> map = RangeMap.of(ALL, "a").with(last, "b");
    assertThat(map.get(last.start())).contains("b");
    assertThat(map.get(last.start() - 1)).contains("a");
    assertThat(map.without(range(0, 1)).gaps(ALL)).containsExactly(range(0, 1));
    assertThat(map.without(last).gaps(ALL)).containsExactly(last);
    assertThat(map.without(ALL)).isEqualTo(empty());
  }

  @Test
  void an_update_is_asked_once_for_each_run_and_gap() {
    RangeMap<IndexRange, String> map = RangeMap.of(range(10, 20), "a").with(range(20, 30), "b");
    List<Optional<String>> asked = new ArrayList<>();
    map.update(
        range(5, 1L << 40),
        value -> {
          asked.add(value);
          return value;
        });
    assertThat(asked)
        .containsExactly(Optional.empty(), Optional.of("a"), Optional.of("b"), Optional.empty());
  }

  @Test
  void what_changes_nothing_gives_the_same_map() {
    RangeMap<IndexRange, String> map = RangeMap.of(range(10, 20), "a").with(range(20, 30), "b");
    assertThat(map.with(range(12, 20), new StringBuilder("a").toString())).isSameAs(map);
    assertThat(map.without(range(30, 1L << 40))).isSameAs(map);
    assertThat(map.update(ALL, Function.identity())).isSameAs(map);
  }

  @Test
  void values_in_other_places_are_another_map() {
    RangeMap<IndexRange, String> map = RangeMap.of(range(0, 8), "a").with(range(8, 16), "b");
    RangeMap<IndexRange, String> swapped = RangeMap.of(range(0, 8), "b").with(range(8, 16), "a");
    assertThat(map).isNotEqualTo(swapped).doesNotHaveSameHashCodeAs(swapped);
    assertThat(map).isNotEqualTo(map.with(range(15, 17), "b"));
    assertThat(map).isNotEqualTo(RangeMap.of(range(0, 8), "a"));
  }

  /** Pages one by one, as slow as can be. */
  private static final class Naive {

    private final List<Optional<String>> pages = new ArrayList<>();

    Naive(int pageCount) {
      for (int page = 0; page < pageCount; page++) {
        pages.add(Optional.empty());
      }
    }

    void update(IndexRange range, Function<Optional<String>, Optional<String>> change) {
      for (int page = (int) range.start(); page < range.end(); page++) {
        pages.set(page, change.apply(pages.get(page)));
      }
    }

    /** Stretches of equal pages, also of empty ones. */
    private List<IndexRange> pieces(IndexRange within) {
      List<IndexRange> pieces = new ArrayList<>();
      int start = (int) within.start();
      for (int page = start + 1; page <= within.end(); page++) {
        if (page == within.end() || !pages.get(page).equals(pages.get(start))) {
          pieces.add(range(start, page));
          start = page;
        }
      }
      return pieces;
    }

    List<Run<IndexRange, String>> runs(IndexRange within) {
      return pieces(within).stream()
          .flatMap(
              piece ->
                  pages.get((int) piece.start()).stream().map(value -> new Run<>(piece, value)))
          .toList();
    }

    List<IndexRange> gaps(IndexRange within) {
      return pieces(within).stream()
          .filter(piece -> pages.get((int) piece.start()).isEmpty())
          .toList();
    }

    boolean isAll(IndexRange range, String value) {
      return pages.subList((int) range.start(), (int) range.end()).stream()
          .allMatch(Optional.of(value)::equals);
    }
  }

  /** Turns a into aa and so on, b into nothing, and nothing into a. */
  private static Optional<String> shifted(Optional<String> old) {
    return old.isEmpty()
        ? Optional.of("a")
        : old.filter(value -> !value.equals("b")).map(value -> value.repeat(2).substring(0, 2));
  }

  private static IndexRange any(Random random, int pageCount, int longest) {
    int start = random.nextInt(pageCount);
    return range(start, start + 1 + random.nextInt(Math.min(longest, pageCount - start)));
  }

  /** Many short lives on few pages, and few long lives on so many runs that the tree is deep. */
  @ParameterizedTest
  @CsvSource({"64, 64, 2000, 25", "20000, 3, 3, 20000"})
  void any_sequence_of_changes_gives_what_a_page_at_a_time_gives(
      int pageCount, int longest, int lives, int changes) {
    IndexRange all = range(0, pageCount);
    for (long seed = 0; seed < lives; seed++) {
      Random random = new Random(seed);
      RangeMap<IndexRange, String> map = empty();
      Naive naive = new Naive(pageCount);
      for (int change = 0; change < changes; change++) {
        // Once in a while much is overwritten at once.
        IndexRange range = any(random, pageCount, random.nextInt(2000) == 0 ? pageCount : longest);
        String value = List.of("a", "b", "c").get(random.nextInt(3));
        switch (random.nextInt(4)) {
          case 0, 1 -> {
            map = map.with(range, value);
            naive.update(range, _ -> Optional.of(value));
          }
          case 2 -> {
            map = map.without(range);
            naive.update(range, _ -> Optional.empty());
          }
          default -> {
            map = map.update(range, RangeMapTest::shifted);
            naive.update(range, RangeMapTest::shifted);
          }
        }
        compare(map, naive, any(random, pageCount, 64), value, seed);
        if (change % 1000 == 24) {
          compare(map, naive, all, value, seed);
          compareWhole(map, naive, all, seed);
        }
      }
    }
  }

  private static void compare(
      RangeMap<IndexRange, String> map, Naive naive, IndexRange within, String value, long seed) {
    List<Run<IndexRange, String>> runs = naive.runs(within);
    assertThat(map.runs(within)).as("runs of seed %d", seed).isEqualTo(runs);
    assertThat(map.gaps(within)).as("gaps of seed %d", seed).isEqualTo(naive.gaps(within));
    assertThat(map.isAll(within, value)).isEqualTo(naive.isAll(within, value));
    assertThat(map.first(within, value::equals))
        .as("first of seed %d", seed)
        .isEqualTo(runs.stream().filter(run -> run.value().equals(value)).findFirst());
    for (Run<IndexRange, String> run : runs) {
      assertThat(map.isAll(run.range(), run.value())).isTrue();
    }
    for (int page = (int) within.start(); page < within.end(); page++) {
      Optional<String> expected = naive.pages.get(page);
      if (!map.get(page).equals(expected)
          || !Objects.equals(map.getOr(page, "-"), expected.orElse("-"))) {
        assertThat(map.get(page)).as("page %d of seed %d", page, seed).isEqualTo(expected);
      }
    }
  }

  /** One content, one form: however it came about. */
  private static void compareWhole(
      RangeMap<IndexRange, String> map, Naive naive, IndexRange all, long seed) {
    List<Run<IndexRange, String>> runs = naive.runs(all);
    assertThat(map.runCount()).as("count of seed %d", seed).isEqualTo(runs.size());
    assertThat(map.isEmpty()).isEqualTo(runs.isEmpty());
    RangeMap<IndexRange, String> again = RangeMap.empty();
    for (Run<IndexRange, String> run : runs.reversed()) {
      again = again.with(run.range(), run.value());
    }
    assertThat(map).isEqualTo(again).hasSameHashCodeAs(again).hasToString(again.toString());
    assertThat(map).isNotEqualTo(again.with(range(all.end(), all.end() + 1), "d"));
    RangeMap<IndexRange, String> without = map.without(all);
    assertThat(without).isEqualTo(empty()).hasSameHashCodeAs(empty());
  }
}
