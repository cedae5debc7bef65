package dev.faultline.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.explore.Bounds;
import dev.faultline.explore.Explorer;
import dev.faultline.explore.Reductions;
import dev.faultline.explore.Verdict;
import dev.faultline.explore.world.WorldModel;
import dev.faultline.journal.Source;
import dev.faultline.scenario.yaml.Problems;
import dev.faultline.world.Schedule;
import dev.faultline.world.Step;
import dev.faultline.world.World;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

class ShrinkTest {

  private static final BooleanSupplier NEVER = () -> false;

  private static final String PROPERTY = "RefusedConversionChangesNothing";

  /** A small story that breaks, among much that has nothing to do with it. */
  private static String blownUp() {
    StringBuilder text =
        new StringBuilder(
            """
            # What is said here is lost.
            story: a refused call destroys what the guest kept
            mode: tdx
            revision: rfc-2024-09
            memory:
              size: 1 GiB
              shared: [2 MiB..3 MiB, 64 MiB..80 MiB, 0x20000000..0x20010000]
            parties:
              nic: {kind: vfio}
              app: {kind: process}
              other: {kind: process}
              helper: {kind: thread, of: app}
              vcpu2: {kind: vcpu}
            seed: 5
            script:
              nic:
                - dma-map: 2 MiB..3 MiB
                  name: mapped
              helper:
                - await: app
                - load: 64 MiB
              vcpu2:
                - await: [late, helper]
                - accept: 128 MiB..129 MiB
              app:
            """);
    for (int page = 0; page < 6; page++) {
      text.append("    - store: {at: ").append(64 + page).append(" MiB, value: 3, expect: ok}\n");
      text.append(page == 3 ? "      name: late\n" : "");
    }
    return text.append(
            """
              guest:
                - accept: 3 MiB..4 MiB
                - store: {at: 3 MiB, value: 42}
                  name: kept
                - await: {refused-by: gmem}
                - load: {at: 3 MiB, expect: vm-dead}
              other:
                - await: late
                - load: 65 MiB
                - kill: helper
              vmm:
                - await: [kept, mapped, nic]
                - set-private: 2 MiB..4 MiB
                  name: refused
                  expect: EINVAL
            expect:
              - refused: {by: gmem, errno: EINVAL, held-by: nic}
              - breaks: RefusedConversionChangesNothing
              - finally: {2 MiB..3 MiB: shared, 3 MiB..4 MiB: private}
            """)
        .toString();
  }

  private static Scenario scenario(String text) {
    Scenario shipped = load("tdx/bad-refused-call-destroys-content");
    List<Source> sources = new ArrayList<>();
    sources.add(Source.of(Source.Kind.SCENARIO, "blown-up", text));
    sources.addAll(
        shipped.sources().stream()
            .filter(source -> source.kind() != Source.Kind.SCENARIO)
            .toList());
    Problems problems = new Problems();
    Optional<Scenario> scenario = ScenarioLoader.fromSources(sources, problems);
    assertThat(problems.render()).isEmpty();
    return scenario.orElseThrow();
  }

  private static Scenario load(String name) {
    Problems problems = new Problems();
    Optional<Scenario> scenario =
        ScenarioLoader.load(
            new Library.OfFiles(Path.of(".")), name, ScenarioLoader.Overrides.NONE, problems);
    assertThat(problems.render()).isEmpty();
    return scenario.orElseThrow();
  }

  /** Whether the property breaks in the run that goes first come, first served. */
  private static Optional<String> breaksInARun(Scenario scenario) {
    Run run = Run.start(scenario, new Schedule.Fifo());
    for (Optional<Step> next = run.next(); next.isPresent(); next = run.next()) {
      if (run.channelFull().isPresent()) {
        return Optional.empty();
      }
      run = run.take(next.get()).after();
      if (run.everBroken().contains(PROPERTY)) {
        return Optional.of(PROPERTY + " after " + run.agenda().step() + " steps");
      }
    }
    return Optional.empty();
  }

  /** Whether it breaks in any, as far as a small search can tell. */
  private static Optional<String> breaksSomewhere(Scenario scenario) {
    WorldModel model = new WorldModel(World.start(scenario.setup()), scenario.properties(), false);
    Explorer.Watcher small =
        new Explorer.Watcher() {
          private long states;

          @Override
          public void at(Explorer.Progress progress) {
            states = progress.states();
          }

          @Override
          public boolean stops() {
            return states > 400;
          }
        };
    return new Explorer(model, List.of(), Set.of(), Optional.empty())
                .explore(1, Reductions.NONE, Bounds.NONE, small)
                .verdict()
            instanceof Verdict.Broken(String property, String text, var _)
        ? Optional.of(property + ": " + text)
        : Optional.empty();
  }

  private static Optional<Shrink.Shrunk> shrink(Scenario scenario) {
    return Shrink.smallest(
        scenario, ScenarioLoader.Overrides.NONE, ShrinkTest::breaksInARun, NEVER);
  }

  @Test
  void a_big_story_is_cut_down_to_what_breaks() {
    Scenario big = scenario(blownUp());
    assertThat(breaksInARun(big)).isPresent();
    Shrink.Shrunk small = shrink(big).orElseThrow();
    assertThat(small.text())
        .startsWith(
            """
            # Made smaller from blown-up: 262,144 to 2 pages, 7 to 2 parties, 15 to 2 lines.
            # Still breaks: RefusedConversionChangesNothing after\s\
            """)
        .endsWith(
            """

            story: a refused call destroys what the guest kept
            mode: tdx
            revision: rfc-2024-09
            memory: {size: 8 KiB, shared: 0}

            parties:
              nic: {kind: vfio}

            script:
              nic:
                - dma-map: 0
              vmm:
                - set-private: 0..8 KiB
            """);
    // It is a scenario like any other, and breaks.
    assertThat(breaksInARun(scenario(small.text()))).hasValue(small.breaks());
    // Nothing smaller is left.
    assertThat(shrink(small.scenario())).isEmpty();
  }

  @Test
  void what_is_too_big_to_search_is_cut_until_a_search_finds_it() {
    Scenario big = scenario(blownUp());
    assertThat(breaksSomewhere(big)).isEmpty();
    Shrink.Shrunk small =
        Shrink.smallest(big, ScenarioLoader.Overrides.NONE, ShrinkTest::breaksSomewhere, NEVER)
            .orElseThrow();
    assertThat(small.breaks()).startsWith(PROPERTY);
    assertThat(small.scenario().setup().pageCount()).isEqualTo(2);
    assertThat(small.text()).contains("- set-private: 0..8 KiB\n");
  }

  @Test
  void a_story_of_which_nothing_can_go_stays() {
    Scenario sound = load("tdx/good-no-op-conversion");
    assertThat(shrink(sound)).isEmpty();
  }

  @Test
  void it_can_be_stopped_and_gives_what_it_has() {
    Scenario big = scenario(blownUp());
    Shrink.Shrunk some = shrink(big, 6).orElseThrow();
    assertThat(some.asked()).isLessThanOrEqualTo(6);
    assertThat(breaksInARun(some.scenario())).hasValue(some.breaks());
    assertThat(some.scenario().setup().pageCount()).isLessThan(big.setup().pageCount());
    assertThat(shrink(big, 6).orElseThrow().text()).isEqualTo(some.text());
    assertThat(shrink(big, 0)).isEmpty();
  }

  @Test
  void recorded_steps_are_those_of_another_scenario_and_go() {
    Scenario recorded = scenario(blownUp().replace("seed: 5\n", "schedule:\n  - tick vmm\n"));
    assertThat(recorded.recorded()).isNotEmpty();
    assertThat(shrink(recorded, 3).orElseThrow().scenario().recorded()).isEmpty();
  }

  /** As small as so many tries make it. */
  private static Optional<Shrink.Shrunk> shrink(Scenario scenario, int tries) {
    int[] left = {tries};
    return Shrink.smallest(
        scenario, ScenarioLoader.Overrides.NONE, ShrinkTest::breaksInARun, () -> left[0]-- <= 0);
  }
}
