package dev.faultline.world;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.protocol.memory.Errno;
import dev.faultline.protocol.memory.IndexRange;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.PartyKind;
import dev.faultline.protocol.message.Result;
import dev.faultline.protocol.message.VmmToHostIo;
import dev.faultline.scenario.Run;
import dev.faultline.scenario.Scenario;
import dev.faultline.testing.Stories;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pins of an io_uring that was closed go of themselves, and nothing else goes on with it. */
class ClosedRingTest {

  private static final PartyId RING = PartyId.of(PartyKind.HOST_IO, "ring");
  private static final IndexRange PAGES = new IndexRange(0, 2);

  @TempDir Path folder;

  private Scenario story(String script) {
    return new Stories(folder)
        .scenario(
            """
            story: An io_uring is closed.
            mode: sw-protected
            memory: {size: 8 KiB, shared: 0..8 KiB}
            parties: {ring: {kind: io-uring}}
            script:
            %s
            """
                .formatted(script));
  }

  private static List<Result> results(Run run, PartyId party) {
    return run.world().scripts().get(party).results();
  }

  /** How often the first page is pinned. */
  private static int pins(Run run) {
    return run.world().gmem().folios(PAGES).getFirst().value().pins();
  }

  @Test
  void it_returns_before_the_pins_are_gone_and_they_go_without_being_asked_for() {
    Run run = Run.start(story("  ring: [{pin: 0..8 KiB}, close-ring]"), new Schedule.Fifo());
    List<Integer> held = new ArrayList<>();
    for (Optional<Step> next = run.next(); next.isPresent(); next = run.next()) {
      run = run.take(next.get()).after();
      if (results(run, RING).size() == 2) {
        held.add(pins(run));
      }
    }
    assertThat(results(run, RING)).containsExactly(Result.ok(), Result.ok());
    assertThat(held).startsWith(1).endsWith(0);
  }

  @Test
  void a_ring_that_is_closed_does_nothing_more() {
    Run run =
        Stories.run(
            story(
                """
                  ring:
                    - pin: 0
                    - close-ring
                    - close-ring
                    - pin: 0
                    - dma-load: 0
                    - unpin: 0
                """));
    Result closed = Result.failed(Errno.EBADF);
    assertThat(results(run, RING))
        .containsExactly(Result.ok(), Result.ok(), closed, closed, closed, closed);
    assertThat(run.failures()).isEmpty();
  }

  @Test
  void a_vmm_that_wants_the_buffer_back_meanwhile_is_answered() {
    Scenario scenario =
        story(
            """
              ring: [{pin: 0..8 KiB, name: registered}, close-ring]
              vmm: [{await: registered}, {convert-to-private: 0..8 KiB}]
            """);
    int askedTooLate = 0;
    for (long seed = 1; seed <= 300; seed++) {
      Run run = Run.start(scenario, new Schedule.Random(seed));
      for (Optional<Step> next = run.next(); next.isPresent(); next = run.next()) {
        Run.Taken taken = run.take(next.get());
        boolean wanted =
            taken.entry().message().orElse(null) instanceof VmmToHostIo.Unregister
                && run.world().hostIo(RING).closed();
        askedTooLate += wanted ? 1 : 0;
        run = taken.after();
      }
      assertThat(run.failures()).as("seed %d", seed).isEmpty();
      assertThat(Holders.of(run.world(), PAGES)).as("seed %d", seed).isEmpty();
    }
    assertThat(askedTooLate).isPositive();
  }

  @Test
  void the_pins_go_once_where_the_vmm_dies_before_the_worker_has_run() {
    Scenario scenario =
        story(
            """
              ring: [{pin: 0..8 KiB}, {close-ring: , name: closed}]
              vmm: [{await: closed}, {kill: vmm}]
            """);
    Set<Boolean> pinnedAtDeath = new TreeSet<>();
    for (long seed = 1; seed <= 100; seed++) {
      Run run = Run.start(scenario, new Schedule.Random(seed));
      for (Optional<Step> next = run.next(); next.isPresent(); next = run.next()) {
        boolean before = run.world().hostIo(RING).dead();
        boolean pinned = !Holders.of(run.world(), PAGES).isEmpty();
        run = run.take(next.get()).after();
        if (!before && run.world().hostIo(RING).dead()) {
          pinnedAtDeath.add(pinned);
        }
      }
      assertThat(run.failures()).as("seed %d", seed).isEmpty();
      assertThat(Holders.of(run.world(), PAGES)).as("seed %d", seed).isEmpty();
    }
    assertThat(pinnedAtDeath).containsExactly(false, true);
  }
}
