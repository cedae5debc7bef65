package dev.faultline.explore.world;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.explore.Bounds;
import dev.faultline.explore.Coverage;
import dev.faultline.explore.Explorer;
import dev.faultline.explore.Reductions;
import dev.faultline.explore.Report;
import dev.faultline.explore.Sampler;
import dev.faultline.explore.Strategy;
import dev.faultline.explore.Verdict;
import dev.faultline.protocol.Chance;
import dev.faultline.scenario.Scenario;
import dev.faultline.scenario.ScenarioLoader.Overrides;
import dev.faultline.testing.NaiveSearch;
import dev.faultline.testing.NaiveSearch.Found;
import dev.faultline.testing.Stories;
import dev.faultline.world.World;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Worlds in which processes may die at any moment are searched like all others. */
class OpenDeathsTest {

  private static final List<Chance> DEATHS = List.of(Chance.PROCESS_DIES, Chance.VMM_DIES);

  private static final Explorer.Watcher NOBODY =
      new Explorer.Watcher() {
        @Override
        public void at(Explorer.Progress progress) {}

        @Override
        public boolean stops() {
          return false;
        }
      };

  private final Stories stories;

  OpenDeathsTest(@TempDir Path folder) {
    this.stories = new Stories(folder);
  }

  private static Report explore(WorldModel model, Reductions reductions) {
    return new Explorer(model, List.of(), Set.of(), Optional.empty())
        .explore(1, reductions, Bounds.NONE, NOBODY);
  }

  private static WorldModel model(Scenario scenario) {
    return new WorldModel(World.start(scenario.setup()), scenario.properties(), false);
  }

  /** Two processes that nobody tells apart. */
  private Scenario twins(String open) {
    return stories.scenario(
        """
        story: Two processes load a page that is private.
        mode: tdx
        revision: rfc-2024-09
        memory: {size: 4 KiB}
        parties: {one: {kind: process}, two: {kind: process}}
        open: [%s]
        script:
          one: [{load: 0}]
          two: [{load: 0}]
        """
            .formatted(open));
  }

  @Test
  void the_engine_and_the_naive_search_agree() {
    assertAgree(twins(""), 124);
    assertAgree(twins("process-dies"), 1273);
    assertAgree(
        stories.scenario(
            """
            story: A VMM loads a page, and may die.
            mode: sw-protected
            revision: rfc-2024-09
            memory: {size: 4 KiB}
            open: [vmm-dies]
            script:
              vmm: [{load: 0}]
            """),
        496);
  }

  private static void assertAgree(Scenario scenario, int states) {
    WorldModel model = model(scenario);
    Found naive = NaiveSearch.search(model);
    Report report = explore(model, Reductions.NONE);
    assertThat(Found.of(report, naive.levels())).isEqualTo(naive);
    assertThat(report.states()).isEqualTo(naive.states()).isEqualTo(states);
  }

  @Test
  void processes_that_may_all_die_are_alike_and_no_step_of_theirs_is_early() {
    WorldModel model = model(twins("process-dies"));
    Report whole = explore(model, Reductions.NONE);
    Report alike = explore(model, new Reductions(true, false));
    assertThat(alike.verdict()).isEqualTo(whole.verdict()).isEqualTo(new Verdict.Holds());
    assertThat(alike.states()).isLessThan(whole.states() * 3 / 4);
    assertThat(explore(model, new Reductions(false, true)).states()).isEqualTo(whole.states());
  }

  @Test
  void a_known_bug_is_found_in_as_many_steps_whatever_is_left_out() {
    Map<String, String> bugs =
        Map.of(
            "b01-fault-without-lock", "known-bugs/good-fault-and-conversion",
            "b91-gup-fast-without-second-look", "known-bugs/good-fast-pin-and-conversion");
    for (Map.Entry<String, String> each : bugs.entrySet()) {
      Overrides mutated = Overrides.NONE.mutated(List.of(each.getKey()));
      Verdict.Broken closed =
          (Verdict.Broken)
              explore(model(Stories.load(each.getValue(), mutated)), Reductions.ALL).verdict();
      WorldModel model = model(Stories.load(each.getValue(), mutated.opened(DEATHS)));
      for (Reductions reductions : List.of(Reductions.NONE, Reductions.ALL)) {
        Verdict.Broken open = (Verdict.Broken) explore(model, reductions).verdict();
        assertThat(open.property()).isEqualTo(closed.property());
        assertThat(open.trace().length()).isLessThanOrEqualTo(closed.trace().length());
      }
    }
  }

  @Test
  void nobody_has_to_die_so_that_others_can_go_on() {
    Scenario scenario =
        stories.scenario(
            """
            story: The VMM waits for a word that a pin is gone; its holder has nothing left to do.
            mode: tdx
            revision: thread-notify
            memory: {size: 4 KiB, shared: 0..4 KiB}
            parties: {app: {kind: process}}
            open: [process-dies]
            script:
              app: [{pin: 0..4 KiB, name: pinned}]
              vmm: [{await: pinned}, {convert-to-private: 0..4 KiB, name: convert}]
            """);
    Report report = explore(model(scenario), Reductions.ALL);
    assertThat(report.verdict())
        .isInstanceOfSatisfying(
            Verdict.Stuck.class,
            stuck -> assertThat(stuck.waiting()).singleElement().asString().contains("app"));
  }

  @Test
  void every_strategy_comes_by_deaths_and_coverage_knows_those_that_never_came() {
    WorldModel model = model(twins("process-dies, vmm-dies"));
    for (Strategy strategy :
        List.of(new Strategy.Random(), new Strategy.Pct(3), new Strategy.Swarm())) {
      Coverage coverage =
          new Sampler(model, List.of(), Set.of(), Optional.empty(), Optional.of(model.aspects()))
              .sample(strategy, 1, 200, new Bounds(1000, 1 << 28, Long.MAX_VALUE), NOBODY)
              .coverage()
              .orElseThrow();
      assertThat(coverage.seen())
          .containsKeys(death("vmm"), death("one"), death("two"))
          .containsKey(
              new Coverage.Aspect(Coverage.Kind.MESSAGE, "gmem ExitMmap (HostMemoryToGmem)"));
    }
    assertThat(model(twins("vmm-dies")).aspects().all()).contains(death("vmm"));
    assertThat(model(twins("vmm-dies")).aspects().all()).doesNotContain(death("one"));
  }

  private static Coverage.Aspect death(String victim) {
    return new Coverage.Aspect(Coverage.Kind.STEP, victim + " death of " + victim);
  }
}
