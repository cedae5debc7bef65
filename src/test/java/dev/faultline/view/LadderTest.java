package dev.faultline.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.protocol.memory.IndexRange;
import dev.faultline.scenario.Scenario;
import dev.faultline.scenario.ScenarioLoader;
import dev.faultline.testing.FakeScenarios;
import dev.faultline.testing.Stories;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LadderTest {

  @TempDir Path folder;

  private static Scenario shipped(String name) {
    return Stories.load(name, ScenarioLoader.Overrides.NONE);
  }

  private static List<String> rows(String ladder) {
    return ladder.lines().toList();
  }

  @Test
  void a_race_is_drawn_whole_with_the_promise_that_it_breaks() {
    Scenario scenario = shipped("tdx/bad-fault-races-conversion-without-lock");
    assertThat(Ladder.draw(scenario, Recordings.of(scenario), Optional.empty()))
        .isEqualTo(
            """
            bad-fault-races-conversion-without-lock: tdx, rfc-2024-09-without-lock,
            reference VMM, random, seed 76

                  vmm          kvm          gmem         toucher
               29 * steps 1..29: memory gets its first view
               30 .            .            .            * load 512
               32 * set 512..767 private    .            .
               33 .----------->. set 512..767 private    .
               34 .            .            .<-load 512--.
               35 .            # [lock slots]            .
               41 .            .----------->. agree: 512..767 private?
               42 .            .            # [forbid host faults 512..767]
               47 .            .<-agree: ok-.            .
               48 .            .            # [map 512 in toucher]
               49 .            # [store 512..767 private]
               49 BROKEN PrivatePageIsNeverHostMapped: page 512 is private and
                  mapped by toucher-memory
               51 .<----ok-----.            .            .
               53 .            .            .--read 0--->.
                  end after 53 steps: as expected

            An arrow is a message, at the step that delivers it; == carries a no.
            * the party's script   # what it does   X a process dies   [memory]
            Steps that only carry others on are left out.

            pages       13    27    48    49
            0..511      P     P     P     P
            512         P     S     Sm    Pm
            513..767    P     S     S     P
            768..1023   P     S     S     S
            1024..4095  P     P     P     P
            P private  S shared  a accepted  m host-mapped  * pinned  ! refused
            """);
  }

  @Test
  void a_range_shows_only_what_concerns_it_with_the_answers() {
    Scenario scenario = shipped("tdx/good-mapgpa-in-pieces");
    assertThat(
            rows(
                Ladder.draw(
                    scenario, Recordings.of(scenario), Optional.of(new IndexRange(2048, 2560)))))
        .containsSequence(
            "   13 .          .<---------ok---------.          .          .",
            "   26 * convert 512..2559 to private   .          .          .",
            "   27 .-------------------->. MapGPA 512..2559 private       .",
            "  102 .<=RETRY, R11 = 6 MiB=.          .          .          .",
            "  104 .-------------------->. MapGPA 1536..2559 private      .",
            "  121 .          .--------->. run, ret 0          .          .",
            "  122 .          .<---------. exit: 2048..2559 private       .",
            "  123 .          .-------------------->. set 2048..2559 private",
            "  124 .          .          .          # [lock invalidate exclusive]",
            "  130 .          .          .<---------. invalidate 2048..2559",
            "  132 .          .          .          # [store 2048..2559 private]",
            "  136 .          .<---------ok---------.          .          .",
            "  137 .          .--------->. run, ret 0          .          .",
            "  138 .<------SUCCESS-------.          .          .          .");
  }

  @Test
  void a_journal_that_was_cut_says_so() {
    Scenario scenario = FakeScenarios.blockedByVfio();
    assertThat(Ladder.draw(scenario, Recordings.cut(Recordings.of(scenario), 18), Optional.empty()))
        .isEqualTo(
            """
            blocked-by-vfio: fake-tdx, fake-in-place, fake-vmm VMM, fifo

                  vmm          kvm          gmem         iommu        nic
                1 * start: 512..1023 shared .            .            .
                2 .--set 512..1023 shared-->.            .            .
                3 .            .            # [lock invalidate exclusive]
                7 .            .<-----------. invalidate 512..1023    .
                9 .            .            # [store 512..1023 shared]
               13 .<-----------ok-----------.            .            .
               14 .            .            .       dma-map 512..1023 *
               15 .<----------------map dma 512..1023-----------------.
               16 .----------map dma 512..1023---------->.            .
               18 .            .            .<-----------. pin 512..1023
                  the run has not ended
                  the last line of the journal is torn

            An arrow is a message, at the step that delivers it; == carries a no.
            * the party's script   # what it does   X a process dies   [memory]
            Steps that only carry others on are left out.

            pages       9
            0..511      P
            512..1023   S
            1024..4095  P
            P private  S shared  a accepted  m host-mapped  * pinned  ! refused
            """);
  }

  @Test
  void a_journal_without_a_step_is_a_title_and_a_legend() {
    Scenario scenario = FakeScenarios.blockedByVfio();
    assertThat(Ladder.draw(scenario, Recordings.cut(Recordings.of(scenario), 0), Optional.empty()))
        .isEqualTo(
            """
            blocked-by-vfio: fake-tdx, fake-in-place, fake-vmm VMM, fifo

                  the run has not ended
                  the last line of the journal is torn

            An arrow is a message, at the step that delivers it; == carries a no.
            * the party's script   # what it does   X a process dies   [memory]
            Steps that only carry others on are left out.

            """);
  }

  @Test
  void who_kills_has_a_lane_and_an_arrow() {
    Scenario scenario =
        new Stories(folder)
            .scenario(
                """
                story: A process is killed by one that does nothing else.
                mode: tdx
                memory: {size: 32 KiB, shared: 8 KiB..24 KiB}
                parties: {app: {kind: process}, other: {kind: process}}
                script:
                  app:
                    - load: 8 KiB
                  other:
                    - kill: app
                """);
    assertThat(rows(Ladder.draw(scenario, Recordings.of(scenario), Optional.empty())))
        .contains(
            "      vmm          kvm          gmem         app          other",
            "   15 .            .            .            .<---kill----.",
            "   15 .            .            .            X killed by other's script");
  }

  @Test
  void a_guest_that_cannot_choose_its_view_is_shown_without_one() {
    Scenario scenario = shipped("sw-protected/good-both-copies-are-kept");
    String ladder = Ladder.draw(scenario, Recordings.of(scenario), Optional.empty());
    assertThat(ladder).contains("load 3--", "store 2 to 3").doesNotContain("3 (shared)");
  }
}
