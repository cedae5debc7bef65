package dev.faultline.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.property.Views;
import dev.faultline.protocol.memory.Errno;
import dev.faultline.protocol.memory.IndexRange;
import dev.faultline.protocol.memory.PageIndex;
import dev.faultline.protocol.memory.PfnRange;
import dev.faultline.protocol.message.Result;
import dev.faultline.protocol.message.View;
import dev.faultline.scenario.ScenarioLoader.Overrides;
import dev.faultline.testing.NaiveExplorer;
import dev.faultline.testing.ShortestViolation;
import dev.faultline.testing.Stories;
import dev.faultline.world.Step;
import dev.faultline.world.World;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The controls K01 to K08 of the known bugs: what looks like a bug and is none. Each is searched
 * exhaustively, and what makes it look like one is seen.
 */
class ControlsTest {

  private static final IndexRange FIRST = new IndexRange(0, 1);

  @TempDir Path folder;

  private Stories stories;

  @BeforeEach
  void begin() {
    stories = new Stories(folder);
  }

  private static void isSafe(Scenario scenario) {
    assertThat(ShortestViolation.search(scenario).shortest()).isEmpty();
  }

  /** Whether some interleaving comes to a world that is wanted. */
  private static boolean reaches(Scenario scenario, Predicate<World> wanted) {
    World start = World.start(scenario.setup());
    Set<World> seen = new HashSet<>(Set.of(start));
    Deque<World> open = new ArrayDeque<>(seen);
    while (!open.isEmpty()) {
      World world = open.poll();
      if (wanted.test(world)) {
        return true;
      }
      for (Step step : world.enabled()) {
        World next = world.step(step);
        if (seen.add(next)) {
          open.add(next);
        }
      }
    }
    return false;
  }

  private static Set<String> ends(Scenario scenario, String... names) {
    return NaiveExplorer.explore(
            scenario,
            world ->
                String.join(
                    ", ",
                    List.of(names).stream()
                        .map(name -> world.result(name).map(Expected::word).orElse("no answer"))
                        .toList()))
        .ends();
  }

  private static boolean isRefused(World world, String name) {
    Optional<Result> refused =
        Optional.of(new Result.Failed(Errno.EAGAIN, Optional.of(new PageIndex(0))));
    return world.result(name).equals(refused);
  }

  @Test
  void k01_a_fault_past_its_check_makes_a_conversion_fail_and_a_later_one_succeed() {
    Scenario scenario =
        stories.scenario(
            """
            story: A process loads a page while the VMM converts it, and converts it again.
            mode: sw-protected
            memory: {size: 4 KiB, shared: 0..4 KiB}
            parties: {app: {kind: process}}
            script:
              app: [{load: 0}]
              vmm:
                - set-private: 0
                  name: first
                - await: app
                - set-private: 0
                  name: again
            """);
    isSafe(scenario);
    assertThat(ends(scenario, "first", "again"))
        .containsExactlyInAnyOrder("ok, ok", "EAGAIN at page 0, ok");
  }

  @Test
  void k02_a_reference_that_never_touches_the_page_is_harmless() {
    Scenario scenario = Stories.load("known-bugs/good-fast-pin-and-conversion", Overrides.NONE);
    isSafe(scenario);
    assertThat(
            reaches(
                scenario,
                world ->
                    world.result("mapped").isPresent()
                        && Views.isPrivate(world, 0)
                        && world.gmem().folios(FIRST).stream()
                            .anyMatch(run -> run.value().extra() > 0)))
        .isTrue();
  }

  @Test
  void k03_a_refused_call_leaves_nothing_mapped_and_everything_usable() {
    Scenario scenario =
        stories.scenario(
            """
            story: A page is mapped and pinned; the VMM wants it private, and touches it again.
            mode: sw-protected
            memory: {size: 4 KiB, shared: 0..4 KiB}
            parties: {disk: {kind: o-direct}}
            script:
              disk: [{pin: 0}]
              vmm:
                - await: disk
                - store: {at: 0, value: 7}
                - set-private: 0
                  name: refused
                - load: 0
                  name: refault
            """);
    isSafe(scenario);
    assertThat(ends(scenario, "refused", "refault")).containsExactly("EAGAIN at page 0, 7");
    assertThat(
            reaches(
                scenario,
                world -> isRefused(world, "refused") && world.gmem().mappers(FIRST).isEmpty()))
        .isTrue();
    assertThat(reaches(scenario, world -> isRefused(world, "refused") && Views.isPrivate(world, 0)))
        .isFalse();
  }

  @Test
  void k04_a_page_that_is_pinned_and_punched_out_blocks_no_conversion() {
    Scenario scenario =
        stories.scenario(
            """
            story: A pinned page is punched out, and its index made private.
            mode: sw-protected
            memory: {size: 4 KiB, shared: 0..4 KiB}
            parties: {disk: {kind: o-direct}}
            script:
              disk:
                - pin: 0
                  name: pinned
                - await: converted
                - dma-store: {at: 0, value: 9}
                  name: late
                - unpin: 0
              vmm:
                - await: pinned
                - punch-hole: 0
                - set-private: 0
                  name: converted
            """);
    isSafe(scenario);
    assertThat(ends(scenario, "converted", "late")).containsExactly("ok, ok");
    assertThat(reaches(scenario, world -> Views.isPrivate(world, 0) && !isFree(world))).isTrue();
  }

  private static boolean isFree(World world) {
    return world.gmem().detached().runs(PfnRange.ALL).isEmpty();
  }

  @Test
  void k05_an_attribute_read_without_a_lock_is_safe_between_snapshot_and_check() {
    String story = "known-bugs/good-guest-fault-and-conversion";
    isSafe(Stories.load(story, Overrides.NONE));
    for (Overrides mutated :
        List.of(
            Overrides.NONE.edited(List.of("guest-fault:check-stale"), List.of()),
            Overrides.NONE.mutated(List.of("b39-attribute-before-snapshot")))) {
      assertThat(ShortestViolation.search(Stories.load(story, mutated)).shortest())
          .containsKey("GuestMappingMatchesAttribute");
    }
    // A fault without a snapshot is older than anything, and begins again for ever.
    Overrides without = Overrides.NONE.edited(List.of("snapshot-invalidations"), List.of());
    assertThat(ShortestViolation.search(Stories.load(story, without)).shortest())
        .containsOnlyKeys(Mutation.STUCK);
  }

  @Test
  void k06_to_store_before_the_zap_is_safe_as_long_as_get_page_takes_the_lock() {
    String revision =
        stories.file(
            "store-first.yaml",
            """
            name: store-first
            source: a control
            based-on: in-place-v8-opposite
            move: {convert.to-private: {store-attributes: before invalidate-guest-begin}}
            """);
    Scenario scenario = Stories.load("known-bugs/good-two-views", Stories.revision(revision));
    isSafe(scenario);
    // The moment that only the guest could see: the old mapping works still.
    assertThat(
            reaches(
                scenario,
                world ->
                    world.result("mapped").isPresent()
                        && Views.isPrivate(world, 0)
                        && !world.kvm().mmu(View.SHARED).runs(world.setup().ram()).isEmpty()))
        .isTrue();
  }

  @Test
  void k07_to_punch_a_private_page_out_loses_its_content_by_design() {
    Scenario scenario =
        stories.scenario(
            """
            story: The VMM punches out a page in which the guest keeps something.
            mode: sw-protected
            memory: {size: 4 KiB}
            script:
              guest:
                - store: {at: 0, value: 7}
                  name: kept
                - await: vmm
                - load: 0
                  name: lost
              vmm: [{await: kept}, {punch-hole: 0}]
            """);
    isSafe(scenario);
    assertThat(ends(scenario, "lost")).containsExactly("0");
  }

  /** Model: an inode's attributes are a map without gaps from its creation on. */
  @Test
  void k08_every_page_has_an_attribute_at_any_time() {
    Scenario scenario = Stories.load("known-bugs/good-one-page-pinned", Overrides.NONE);
    isSafe(scenario);
    IndexRange whole = new IndexRange(0, scenario.setup().pageCount());
    assertThat(reaches(scenario, world -> !world.gmem().attributes().gaps(whole).isEmpty()))
        .isFalse();
    assertThat(reaches(scenario, world -> world.gmem().attributes().runs(whole).size() > 1))
        .isFalse();
  }
}
