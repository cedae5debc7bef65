package dev.faultline.property;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.protocol.Decision;
import dev.faultline.protocol.Event;
import dev.faultline.protocol.Outcome;
import dev.faultline.protocol.anchor.AnchorEvent;
import dev.faultline.protocol.gmem.GmemEvent;
import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.PfnRange;
import dev.faultline.protocol.message.Content;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.TaskId;
import dev.faultline.scenario.Scenario;
import dev.faultline.scenario.ScenarioLoader.Overrides;
import dev.faultline.testing.Stories;
import dev.faultline.world.Parties;
import dev.faultline.world.Step;
import dev.faultline.world.Turn;
import dev.faultline.world.World;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What modes promise about the pages that their anchor keeps: each is broken by a changed mode. */
class AnchorPropertiesTest {

  @TempDir private Path folder;

  /** A shipped story in a mode in which one thing is otherwise. */
  private Scenario in(String mode, String from, String to, String story) throws IOException {
    String text = Files.readString(Path.of("conf/mode", mode + ".yaml"));
    assertThat(text).contains(from);
    String changed = new Stories(folder).file("changed.yaml", text.replace(from, to));
    return Stories.load(
        story,
        new Overrides(Optional.of(changed), Optional.empty(), Optional.empty(), Optional.empty()));
  }

  @Test
  void a_page_that_leaves_the_file_while_the_rmp_keeps_it() throws IOException {
    String story =
        new Stories(folder)
            .file(
                "punch.yaml",
                """
                story: A hole under a private page.
                mode: snp
                revision: in-place-v8
                guest: linux-snp
                memory: {size: 64 KiB}
                script:
                  guest: [{accept: 0x4000}]
                  vmm:
                    - await: guest
                    - punch-hole: 0x4000
                """);
    Scenario forgets = in("snp", "    free: make-shared\n", "", story);
    assertThat(Stories.run(forgets).everBroken()).containsExactly("FreedPageIsTheHosts");
    assertThat(Stories.run(Stories.load(story, Overrides.NONE)).everBroken()).isEmpty();
  }

  @Test
  void a_host_write_that_no_rmp_stops() throws IOException {
    String story = "snp/bad-host-write-meets-the-rmp";
    Scenario open = in("snp", "user-store: SIGBUS", "user-store: passes", story);
    assertThat(Stories.run(open, open.ownSchedule()).everBroken())
        .containsExactly("HostNeverWritesGuestsPage", "PrivatePageIsNeverHostMapped");
  }

  @Test
  void a_kernel_that_reads_what_el2_does_not_keep_from_it() throws IOException {
    Scenario open =
        in("pkvm", "kernel: reclaim ", "kernel: passes ", "pkvm/bad-kernel-reclaims-by-force");
    assertThat(Stories.run(open).everBroken()).containsExactly("SecretNeverReachesHost");
  }

  private static final PfnRange FRAME = new PfnRange(4, 5);

  private static Optional<String> after(PartyId party, Event event) {
    World world =
        World.start(Stories.load("pkvm/good-guest-shares-and-takes-back", Overrides.NONE).setup());
    Turn turn =
        new Turn(
            new Step.Advance(party, new TaskId(1), 0),
            party,
            Optional.empty(),
            new Decision<>(List.of(event), List.of(), new Outcome.Done()));
    Property property = new HostSeesWhatAnchorKeeps();
    return property.violation(property.remember(world), world.apply(turn));
  }

  @Test
  void an_anchor_that_keeps_a_page_which_the_host_reaches() {
    assertThat(
            after(
                Parties.ANCHOR,
                new AnchorEvent.Moved("donate", new GfnRange(4, 5), "absent", "owned", FRAME)))
        .contains("page 4 is owned at the trust anchor, and open to the host");
  }

  @Test
  void a_host_that_is_kept_from_a_page_of_its_own() {
    assertThat(
            after(Parties.GMEM, new GmemEvent.FramesGuarded(List.of(FRAME), "owned", Content.KEEP)))
        .contains("page 4 is owned for the host, and the trust anchor keeps it otherwise");
  }
}
