package dev.faultline.explore.world;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.explore.Actor;
import dev.faultline.explore.Bounds;
import dev.faultline.explore.Eventually;
import dev.faultline.explore.Explorer;
import dev.faultline.explore.Fairness;
import dev.faultline.explore.Lasso;
import dev.faultline.explore.Model;
import dev.faultline.explore.Moves;
import dev.faultline.explore.Promise;
import dev.faultline.explore.Reductions;
import dev.faultline.explore.Report;
import dev.faultline.explore.Sight;
import dev.faultline.explore.Slot;
import dev.faultline.explore.Trace;
import dev.faultline.explore.Verdict;
import dev.faultline.property.EveryRequestIsAnswered;
import dev.faultline.property.Properties;
import dev.faultline.property.Views;
import dev.faultline.scenario.Scenario;
import dev.faultline.testing.Stories;
import dev.faultline.world.Step;
import dev.faultline.world.World;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorldLivenessTest {

  private final Stories stories;

  WorldLivenessTest(@TempDir Path folder) {
    this.stories = new Stories(folder);
  }

  private static Report explore(Scenario scenario, List<InTheEnd> inTheEnd, Reductions reductions) {
    return explore(
        new WorldModel(World.start(scenario.setup()), List.of(), inTheEnd, !inTheEnd.isEmpty()),
        reductions);
  }

  private static Report explore(Model model, Reductions reductions) {
    return new Explorer(model, List.of(), Set.of(), Optional.empty())
        .explore(
            1,
            reductions,
            Bounds.NONE,
            new Explorer.Watcher() {
              @Override
              public void at(Explorer.Progress progress) {}

              @Override
              public boolean stops() {
                return false;
              }
            });
  }

  @Test
  void an_access_that_exits_again_and_again_is_a_lasso_that_can_be_walked() {
    String revision =
        stories.file(
            "forgetful.yaml",
            """
            name: forgetful
            source: a test
            based-on: in-place-v8
            convert:
              to-shared:                  # stores nothing, and returns 0
                - hold: {invalidate: exclusive}
                  acts: [done-if-unchanged]
            """);
    Scenario scenario =
        stories.scenario(
            """
            story: The VMM converts for an access, and runs the vCPU again.
            mode: tdx
            revision: %s
            memory: {size: 8 KiB}
            script:
              guest:
                - load: {at: 0, view: shared}
                  name: peek
            """
                .formatted(revision));
    Report report = explore(scenario, List.of(), Reductions.ALL);
    assertThat(report.verdict()).isInstanceOf(Verdict.Never.class);
    Lasso lasso = ((Verdict.Never) report.verdict()).lasso();
    assertThat(lasso.property()).isEqualTo(Properties.EVENTUALLY);
    World world = World.start(scenario.setup());
    for (Trace.Move move : lasso.stem().moves()) {
      world = world.step((Step) move.label());
    }
    World around = world;
    for (Trace.Move move : lasso.loop().moves()) {
      around = around.step((Step) move.label());
      assertThat(EveryRequestIsAnswered.holds(around)).isFalse();
    }
    assertThat(around).isEqualTo(world);
    assertThat(lasso.loop().moves()).extracting(Trace.Move::party).contains("vmm", "kvm", "gmem");
    assertThat(lasso.waiting()).singleElement().asString().startsWith("guest's peek waits for");
  }

  /** A guest's fault begins again while an invalidation is under way; that one goes on. */
  @Test
  void a_fault_that_waits_for_an_invalidation_goes_round_only_if_nobody_else_moves() {
    Scenario scenario =
        Stories.load("sw-protected/good-guest-meets-conversion", Stories.revision("linux-7.3"));
    Report fair = explore(scenario, List.of(), Reductions.NONE);
    assertThat(fair.verdict()).isEqualTo(new Verdict.Holds());
    assertThat(fair.properties()).contains(Properties.EVENTUALLY);
    Report reduced = explore(scenario, List.of(), Reductions.ALL);
    assertThat(reduced.verdict()).isEqualTo(new Verdict.Holds());
  }

  @Test
  void what_a_scenario_promises_in_the_end_comes_about_or_is_a_lasso() {
    Scenario scenario =
        stories.scenario(
            """
            story: A guest shares a page.
            mode: tdx
            revision: in-place-v8
            memory: {size: 8 KiB}
            script:
              guest:
                - convert-to-shared: 0..4 KiB
            """);
    InTheEnd shared = new InTheEnd("shared", Optional.empty(), world -> !Views.isPrivate(world, 0));
    InTheEnd both = new InTheEnd("both", Optional.empty(), world -> !Views.isPrivate(world, 1));
    InTheEnd back =
        new InTheEnd(
            "back",
            Optional.of(world -> !Views.isPrivate(world, 0)),
            world -> Views.isPrivate(world, 0));
    assertThat(explore(scenario, List.of(shared), Reductions.ALL).verdict())
        .isEqualTo(new Verdict.Holds());
    Report never = explore(scenario, List.of(shared, both), Reductions.ALL);
    Lasso lasso = ((Verdict.Never) never.verdict()).lasso();
    assertThat(lasso.property()).isEqualTo("both");
    assertThat(lasso.loop().moves()).isEmpty();
    Report gone = explore(scenario, List.of(back), Reductions.ALL);
    assertThat(((Verdict.Never) gone.verdict()).lasso().property()).isEqualTo("back");
  }

  /** A world in which it is enough that somebody moves. */
  private record Unfair(WorldModel model) implements Model {
    @Override
    public List<Slot<?>> slots() {
      return model.slots();
    }

    @Override
    public void start(Moves.Change first) {
      model.start(first);
    }

    @Override
    public List<Actor> actors(Collection<Slot<?>> known) {
      return model.actors(known);
    }

    @Override
    public List<Promise> promises() {
      return model.promises();
    }

    @Override
    public List<Eventually> eventually() {
      return model.eventually();
    }

    @Override
    public Fairness fairness() {
      return _ -> List.of(Fairness.Group.of("anybody", Fairness.Strength.WEAK, _ -> true));
    }

    @Override
    public List<String> waiting(Sight sight) {
      return model.waiting(sight);
    }
  }

  /** Without fairness the same fault is a lasso: so the answer above is no empty one. */
  @Test
  void that_it_does_not_go_round_needs_fairness() {
    Scenario scenario =
        Stories.load("sw-protected/good-guest-meets-conversion", Stories.revision("linux-7.3"));
    Report report =
        explore(
            new Unfair(new WorldModel(World.start(scenario.setup()), List.of(), true)),
            Reductions.NONE);
    Lasso lasso = ((Verdict.Never) report.verdict()).lasso();
    assertThat(lasso.loop().moves())
        .extracting(Trace.Move::party)
        .contains("kvm", "shmem")
        .doesNotContain("vmm", "guest");
  }
}
