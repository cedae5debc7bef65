package dev.faultline.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.faultline.testing.NaiveExplorer;
import dev.faultline.testing.Stories;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Where a kernel's answer depends on timing, the model gives each of the answers that the kernel
 * can give, and no other: 300 seeds show all, and no interleaving at all shows more.
 */
class OutcomeSetsTest {

  static Stream<Arguments> outcomes() {
    return Stream.of(
        arguments(
            "sw-protected/good-touch-blocks-conversion",
            List.of(
                "touch SIGBUS, first ok, again ok",
                "touch 0, first ok, again ok",
                "touch 0, first EAGAIN, again ok")),
        arguments(
            "sw-protected/good-signal-interrupts-allocation",
            List.of(
                "first ok, again ok, read 0",
                "first ok, again EINTR, read 0",
                "first EINTR, again ok, read 0",
                "first EINTR, again EINTR, read 0")),
        arguments(
            "sw-protected/good-guest-meets-conversion",
            List.of(
                "filled ok, first ok, again ok, touch 7",
                "filled ok, first ok, again ok, touch memory-fault",
                "filled ok, first EAGAIN, again ok, touch 7")),
        arguments("sw-protected/good-closed-ring-holds-on", List.of("first ok", "first EAGAIN")));
  }

  @ParameterizedTest
  @MethodSource("outcomes")
  void seeds_show_every_allowed_outcome_and_no_other(String name, List<String> allowed) {
    Scenario scenario = Stories.load(name, ScenarioLoader.Overrides.NONE);
    List<Endings.Tally> tallies = Endings.of(scenario, new SeedRange(1, 300), 100_000, _ -> {});
    assertThat(tallies).allSatisfy(tally -> assertThat(tally.ending().asExpected()).isTrue());
    assertThat(tallies.stream().mapToLong(Endings.Tally::count).sum()).isEqualTo(300);
    assertThat(tallies)
        .extracting(tally -> String.join(", ", tally.ending().answers()))
        .containsExactlyInAnyOrderElementsOf(allowed);
  }

  @ParameterizedTest
  @MethodSource("outcomes")
  void no_interleaving_ends_in_another(String name, List<String> allowed) {
    Scenario scenario = Stories.load(name, ScenarioLoader.Overrides.NONE);
    List<String> lines =
        Stream.of(allowed.getFirst().split(", ")).map(answer -> answer.split(" ")[0]).toList();
    NaiveExplorer.Found found =
        NaiveExplorer.explore(
            scenario,
            world ->
                String.join(
                    ", ",
                    lines.stream()
                        .map(
                            line ->
                                line
                                    + " "
                                    + world
                                        .result(line)
                                        .map(Expected::word)
                                        .orElse("no answer")
                                        .replaceFirst(" at page .*", ""))
                        .toList()));
    assertThat(List.copyOf(found.ends())).containsExactlyInAnyOrderElementsOf(allowed);
  }
}
