package dev.faultline.explore.world;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.explore.Bounds;
import dev.faultline.explore.Coverage;
import dev.faultline.explore.Explorer;
import dev.faultline.explore.Promise;
import dev.faultline.explore.Reductions;
import dev.faultline.explore.Report;
import dev.faultline.explore.Sample;
import dev.faultline.explore.Sampler;
import dev.faultline.explore.Strategy;
import dev.faultline.explore.Trace;
import dev.faultline.explore.Verdict;
import dev.faultline.property.Properties;
import dev.faultline.scenario.Library;
import dev.faultline.scenario.Scenario;
import dev.faultline.scenario.ScenarioLoader;
import dev.faultline.scenario.yaml.Problems;
import dev.faultline.world.Step;
import dev.faultline.world.Turn;
import dev.faultline.world.World;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Samples of worlds, and what is counted of worlds. */
class WorldSampleTest {

  private static final Explorer.Watcher NOBODY =
      new Explorer.Watcher() {
        @Override
        public void at(Explorer.Progress progress) {}

        @Override
        public boolean stops() {
          return false;
        }
      };

  private static World world(String name) {
    Problems problems = new Problems();
    Optional<Scenario> scenario =
        ScenarioLoader.load(
            new Library.OfFiles(Path.of(".")), name, ScenarioLoader.Overrides.NONE, problems);
    assertThat(problems.render()).isEmpty();
    return World.start(scenario.orElseThrow().setup());
  }

  private static Sample sample(WorldModel model, Strategy strategy, long walks) {
    return new Sampler(model, List.of(), Set.of(), Optional.empty(), Optional.of(model.aspects()))
        .sample(strategy, 1, walks, new Bounds(10_000, 1 << 28, Long.MAX_VALUE), NOBODY);
  }

  @Test
  void each_strategy_finds_a_race_and_its_trace_leads_there() {
    World start = world("tdx/bad-fault-races-conversion-without-lock");
    WorldModel model = new WorldModel(start, Properties.ALL, false);
    for (Strategy strategy :
        List.of(new Strategy.Random(), new Strategy.Pct(3), new Strategy.Swarm())) {
      Sample sample = sample(model, strategy, 2_000);
      assertThat(sample.verdict())
          .isInstanceOfSatisfying(
              Verdict.Broken.class,
              broken -> {
                assertThat(broken.property()).isEqualTo("PrivatePageIsNeverHostMapped");
                World world = start;
                for (Trace.Move move : broken.trace().moves()) {
                  Step step = (Step) move.label();
                  assertThat(world.enabled()).contains(step);
                  world = world.step(step);
                }
              });
      assertThat(sample.threads()).isEqualTo(3); // toucher, vmm, and its first calls
    }
  }

  @Test
  void a_search_counts_each_transition_once() {
    World start = world("sw-protected/good-touch-blocks-conversion");
    WorldModel model = new WorldModel(start, Properties.ALL, false);
    Report report =
        new Explorer(model, List.of(), Set.of(), Optional.empty(), Optional.of(model.aspects()))
            .explore(2, Reductions.NONE, Bounds.NONE, NOBODY);
    Coverage coverage = report.coverage().orElseThrow();
    long counted =
        coverage.seen().entrySet().stream()
            .filter(
                each ->
                    each.getKey().kind() == Coverage.Kind.MESSAGE
                        || each.getKey().kind() == Coverage.Kind.STEP)
            .mapToLong(Map.Entry::getValue)
            .sum();
    assertThat(counted).isEqualTo(report.transitions());
    assertThat(coverage.seen()).isEqualTo(counted(start, model, report));
    assertThat(coverage.seen())
        .containsKey(
            new Coverage.Aspect(
                Coverage.Kind.REFUSAL, "gmem EAGAIN at convert.to-private: check-references"));
    assertThat(coverage.never())
        .contains(
            new Coverage.Aspect(Coverage.Kind.STEP, "gmem punch-hole: remove-pages"),
            new Coverage.Aspect(Coverage.Kind.MESSAGE, "kvm MapGpa (GuestToKvm)"))
        .doesNotContainAnyElementsOf(coverage.seen().keySet());
  }

  /** The same by the plainest way: all worlds, each step of each. */
  private static Map<Coverage.Aspect, Long> counted(World start, WorldModel model, Report report) {
    TreeMap<Coverage.Aspect, Long> counts = new TreeMap<>();
    Set<World> seen = new HashSet<>(Set.of(start));
    Deque<World> open = new ArrayDeque<>(List.of(start));
    WorldAspects aspects = new WorldAspects(model, start);
    while (!open.isEmpty()) {
      World world = open.poll();
      for (Step step : world.enabled()) {
        Turn turn = world.decide(step);
        aspects.of(world, turn).forEach(aspect -> counts.merge(aspect, 1L, Long::sum));
        World next = world.apply(turn);
        if (seen.add(next)) {
          open.add(next);
        }
      }
    }
    // What has to come about in the end is not looked at in each state.
    for (Promise promise : model.promises()) {
      for (String property : promise.properties()) {
        counts.put(new Coverage.Aspect(Coverage.Kind.CHECKED, property), report.states());
      }
    }
    return counts;
  }

  @Test
  void a_sample_counts_each_step_taken() {
    WorldModel model =
        new WorldModel(world("sw-protected/good-touch-blocks-conversion"), Properties.ALL, false);
    Sample sample = sample(model, new Strategy.Random(), 50);
    Coverage coverage = sample.coverage().orElseThrow();
    long counted =
        coverage.seen().entrySet().stream()
            .filter(each -> each.getKey().kind().compareTo(Coverage.Kind.STEP) <= 0)
            .mapToLong(Map.Entry::getValue)
            .sum();
    assertThat(counted).isEqualTo(sample.steps());
    assertThat(coverage.seen())
        .containsEntry(
            new Coverage.Aspect(Coverage.Kind.CHECKED, "VmmMapMatchesKvm"),
            sample.steps() + sample.walks());
  }

  @Test
  void coverage_is_a_table_and_json() {
    Coverage one =
        new Coverage(
            new TreeMap<>(
                Map.of(new Coverage.Aspect(Coverage.Kind.MESSAGE, "kvm Touch (GuestToKvm)"), 2L)),
            List.of(
                new Coverage.Aspect(Coverage.Kind.STEP, "gmem host-fault: map-page"),
                new Coverage.Aspect(Coverage.Kind.STEP, "gmem host-fault: get-folio")));
    Coverage other =
        new Coverage(
            new TreeMap<>(
                Map.of(
                    new Coverage.Aspect(Coverage.Kind.MESSAGE, "kvm Touch (GuestToKvm)"),
                    1_000_000L,
                    new Coverage.Aspect(Coverage.Kind.STEP, "gmem host-fault: map-page"),
                    1L)),
            List.of());
    assertThat(one.and(other).table())
        .isEqualTo(
            """
                times  what
            1,000,002  message  kvm Touch (GuestToKvm)
                    1  step     gmem host-fault: map-page
                never  step     gmem: host-fault: get-folio
            """);
    assertThat(one.and(other).toJson())
        .isEqualTo(
            Map.of(
                "message", Map.of("kvm Touch (GuestToKvm)", 1_000_002L),
                "step", Map.of("gmem host-fault: map-page", 1L),
                "never", Map.of("step", List.of("gmem host-fault: get-folio"))));
  }
}
