package dev.faultline.property;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.protocol.design.Act;
import dev.faultline.protocol.design.Lock;
import dev.faultline.protocol.design.LockMode;
import dev.faultline.protocol.design.Operation;
import dev.faultline.protocol.design.Program;
import dev.faultline.protocol.design.Revision;
import dev.faultline.protocol.design.Stage;
import dev.faultline.scenario.Scenario;
import dev.faultline.scenario.ScenarioLoader;
import dev.faultline.testing.Stories;
import dev.faultline.world.Step;
import dev.faultline.world.World;
import dev.faultline.world.WorldSetup;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Worlds in which nobody can move, made by hand, and what is said of them. */
class WaitsForTest {

  private final Stories stories;

  WaitsForTest(@TempDir Path folder) {
    this.stories = new Stories(folder);
  }

  /** The same setup, where one operation is another list of acts. */
  private static WorldSetup with(WorldSetup setup, Operation operation, Stage... stages) {
    Revision revision = setup.revision();
    Map<Operation, Program> operations = new EnumMap<>(revision.operations());
    operations.put(operation, Program.of(List.of(stages)));
    return new WorldSetup(
        setup.mode(),
        with(revision, operations),
        setup.vmm(),
        setup.guest(),
        setup.pageCount(),
        setup.shared(),
        setup.vcpus(),
        setup.users(),
        setup.open(),
        setup.scripts(),
        setup.channelBound());
  }

  private static Revision with(Revision revision, Map<Operation, Program> operations) {
    return new Revision(
        revision.name(),
        revision.source(),
        revision.attributes(),
        revision.call(),
        revision.checks(),
        revision.blocked(),
        revision.first(),
        revision.firstByMode(),
        revision.breaks(),
        revision.gmemFlags(),
        revision.extensions(),
        operations);
  }

  /** What is said of all worlds in which nobody can move and somebody waits. */
  private static Set<List<String>> stuck(WorldSetup setup) {
    Set<List<String>> said = new HashSet<>();
    World start = World.start(setup);
    Set<World> seen = new HashSet<>(Set.of(start));
    Deque<World> open = new ArrayDeque<>(List.of(start));
    while (!open.isEmpty()) {
      World world = open.poll();
      List<Step> steps = world.enabled();
      if (steps.isEmpty() && !EveryRequestIsAnswered.holds(world)) {
        said.add(WaitsFor.sentences(world));
      }
      for (Step step : steps) {
        World next = world.step(step);
        if (seen.add(next)) {
          open.add(next);
        }
      }
    }
    return said;
  }

  /** B37: the source is pinned under the invalidate lock, which the fault takes as well. */
  @Test
  void a_fault_waits_for_the_lock_that_its_own_get_user_pages_holds() {
    Scenario scenario =
        stories.scenario(
            """
            story: A ring pins a page that nobody has mapped yet.
            mode: tdx
            revision: in-place-v8
            memory: {size: 16 KiB, shared: 0..16 KiB}
            parties: {ring: {kind: io-uring}}
            script:
              ring:
                - pin: 0..4 KiB
                  name: register
            """);
    WorldSetup mutated =
        with(
            scenario.setup(),
            Operation.GET_USER_PAGES_FAST,
            new Stage.Hold(
                Lock.INVALIDATE,
                LockMode.EXCLUSIVE,
                List.of(Stage.Do.of(new Act.FaultIn()), Stage.Do.of(new Act.TakeMapped())),
                List.of()));
    assertThat(stuck(mutated))
        .containsExactly(
            List.of(
                "ring's register waits for the get_user_pages_fast in gmem, which waits for the"
                    + " host fault in gmem, which waits for the invalidate lock, held by the"
                    + " get_user_pages_fast in gmem: a circle"));
    assertThat(stuck(scenario.setup())).isEmpty();
  }

  @Test
  void a_lock_that_an_operation_takes_twice_is_held_by_itself() {
    Scenario scenario =
        stories.scenario(
            """
            story: A hole is punched.
            mode: tdx
            revision: in-place-v8
            memory: {size: 16 KiB}
            script:
              vmm:
                - punch-hole: 0..4 KiB
                  name: punch
            """);
    Stage inner =
        new Stage.Hold(
            Lock.INVALIDATE,
            LockMode.EXCLUSIVE,
            List.of(Stage.Do.of(new Act.RemovePages())),
            List.of());
    WorldSetup mutated =
        with(
            scenario.setup(),
            Operation.PUNCH_HOLE,
            new Stage.Hold(Lock.INVALIDATE, LockMode.SHARED, List.of(inner), List.of()));
    assertThat(stuck(mutated))
        .containsExactly(
            List.of(
                "vmm's punch waits for vmm's call, which waits for the hole punching in gmem,"
                    + " which waits for the invalidate lock, which it holds itself"));
  }

  /** A host fault that takes the folio lock first, and a conversion that takes it last. */
  @Test
  void two_operations_that_take_two_locks_in_turn_are_a_circle() {
    String revision =
        stories.file(
            "abba.yaml",
            """
            name: abba
            source: a test
            based-on: in-place-v8
            host-fault:
              - get-folio
              - hold: {invalidate: shared}
                acts: [refuse-private]
              - zero-if-new
              - map-page
            convert:
              to-private:
                - hold: {invalidate: exclusive}
                  acts:
                    - done-if-unchanged
                    - check-mapped-or-pinned: {busy: EAGAIN}
                    - invalidate-guest-begin: kinds-in-range
                    - store-attributes
                    - invalidate-guest-end
            """);
    Scenario scenario =
        stories.scenario(
            """
            story: A process touches a page that the VMM converts.
            mode: tdx
            revision: %s
            memory: {size: 16 KiB, shared: 0..16 KiB}
            parties: {app: {kind: process}}
            script:
              vmm:
                - convert-to-private: 0..4 KiB
                  name: take
              app:
                - load: 0
                  name: peek
            """
                .formatted(revision));
    assertThat(stuck(scenario.setup()))
        .containsExactly(
            List.of(
                "vmm's take waits for vmm's conversion of page 0, which waits for the conversion to"
                    + " private in gmem, which waits for the folio lock, held by the host fault in"
                    + " gmem for app's peek, which waits for the invalidate lock, held by the"
                    + " conversion to private in gmem: a circle",
                "app's peek waits for the host fault in gmem, which waits for the invalidate lock,"
                    + " held by the conversion to private in gmem for vmm's take, which waits for"
                    + " the folio lock, held by the host fault in gmem: a circle"));
  }

  /** The VMM waits to be told that a page is free; whoever has it waits for the VMM. */
  @Test
  void a_vmm_that_waits_for_a_page_names_who_has_it_and_whom_that_one_waits_for() {
    Scenario scenario =
        stories.scenario(
            """
            story: A process keeps a page until the conversion is over.
            mode: tdx
            revision: thread-notify
            memory: {size: 16 KiB, shared: 0..16 KiB}
            parties: {app: {kind: process}}
            script:
              app:
                - load: 0
                  name: touch
                - await: take
                - unmap: 0..4 KiB
                  name: let-go
              guest:
                - await: touch
                - convert-to-private: 0..4 KiB
                  name: take
            """);
    assertThat(stuck(scenario.setup()))
        .containsExactly(
            List.of(
                "app's let-go waits for the end of guest's take, which waits for the MapGPA of"
                    + " guest for guest's take, which waits for vmm's conversion of page 0 for"
                    + " guest's take, which waits for page 0, mapped by app: a circle",
                "guest's take waits for the MapGPA of guest, which waits for vmm's conversion of"
                    + " page 0, which waits for page 0, mapped by app, which waits for the end of"
                    + " guest's take: a circle"));
  }

  @Test
  void in_a_world_that_is_under_way_a_sentence_ends_at_who_can_go_on() {
    Scenario scenario =
        Stories.load("tdx/good-blocked-by-vfio-then-retried", ScenarioLoader.Overrides.NONE);
    World world = World.start(scenario.setup());
    int sentences = 0;
    for (List<Step> steps = world.enabled(); !steps.isEmpty(); steps = world.enabled()) {
      for (String sentence : WaitsFor.sentences(world)) {
        sentences++;
        assertThat(sentence).containsPattern("can go on$|under way").doesNotContain("circle");
      }
      world = world.step(steps.getFirst());
    }
    assertThat(sentences).isGreaterThan(100);
    assertThat(WaitsFor.sentences(world)).isEmpty();
  }
}
