package dev.faultline.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.faultline.journal.RecordedRun;
import dev.faultline.protocol.message.ScriptToVmm;
import dev.faultline.protocol.message.View;
import dev.faultline.scenario.Scenario;
import dev.faultline.scenario.ScenarioLoader;
import dev.faultline.testing.FakeScenarios;
import dev.faultline.testing.Stories;
import dev.faultline.world.Parties;
import dev.faultline.world.Schedule;
import dev.faultline.world.Script;
import dev.faultline.world.ScriptLine;
import dev.faultline.world.WorldSetup;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WhyTest {

  @TempDir Path folder;

  private static Scenario shipped(String name) {
    return Stories.load(name, ScenarioLoader.Overrides.NONE);
  }

  /** No scenario can write this line: 16 pages of a file that has 8. */
  private static final ScriptLine BEYOND_THE_FILE =
      FakeScenarios.line(
          "beyond", List.of(), new ScriptToVmm.SetAttributes(0, 16 * 4096, View.PRIVATE));

  private static Script with(Script script, ScriptLine line) {
    List<ScriptLine> lines = new ArrayList<>(script.lines());
    lines.add(line);
    return new Script(script.party(), lines);
  }

  private static String why(Scenario scenario, long page) {
    return Why.explain(scenario, Recordings.of(scenario), page);
  }

  @Test
  void a_refusal_is_told_with_who_held_the_page_and_what_stays() {
    assertThat(why(shipped("tdx/good-blocked-by-vfio-then-retried"), 512))
        .isEqualTo(
            """
            page 512 (guest 2 MiB) is private, accepted and mapped by the guest
            alone.

            It became private at step 55: the guest asked for 512..767 at step 29
            (MapGPA), and the VMM made the call (KVM_SET_MEMORY_ATTRIBUTES2, step
            46).

            The call of step 32 to make 512..767 private was refused at step 37,
            EAGAIN at page 512: 512 is in use besides the page cache: 1 pin. What
            held page 512 was nic's long-term pin (VFIO, iova 512..1023, taken at
            step 25 through the VMM's mapping, given back at step 40). It left the
            page table of the VMM at step 36, before the refusal: that stays.
            """);
  }

  @Test
  void a_promise_that_broke_is_told_of_its_page_alone() {
    Scenario race = shipped("tdx/bad-fault-races-conversion-without-lock");
    assertThat(why(race, 512))
        .isEqualTo(
            """
            page 512 (guest 2 MiB) is private and mapped by toucher.

            It became private at step 49: the VMM's script asked for it at step 32,
            and the VMM made the call (KVM_SET_MEMORY_ATTRIBUTES, step 33).

            It has been in the page table of toucher since step 48.

            Step 49 broke PrivatePageIsNeverHostMapped: page 512 is private and
            mapped by toucher-memory.
            """);
    assertThat(why(race, 600))
        .isEqualTo(
            """
            page 600 (guest 2400 KiB) is private and mapped by nobody.

            It became private at step 49: the VMM's script asked for it at step 32,
            and the VMM made the call (KVM_SET_MEMORY_ATTRIBUTES, step 33).
            """);
  }

  @Test
  void where_the_vm_answers_for_the_inode_the_inodes_reason_is_told() {
    assertThat(why(shipped("tdx/bad-refused-call-destroys-content"), 512))
        .contains(
            """
            The call of step 77 to make 512..1023 private was refused at step 94,
            EINVAL: a page of 512..767 is mapped by vmm-memory. What held pages of
            512..1023 was nic's long-term pin (VFIO, iova 512..767, taken at step 55
            through the VMM's mapping, not given back) and an entry in the page
            table of the VMM.
            """);
  }

  @Test
  void of_many_refusals_the_first_and_the_last_are_told() {
    assertThat(why(shipped("tdx/good-mapgpa-in-pieces"), 1792))
        .isEqualTo(
            """
            page 1792 (guest 7 MiB) is private, accepted and mapped by the guest
            alone.

            It became private at step 116: the guest asked for 512..2559 at step 26
            (MapGPA), and the VMM made the call (KVM_SET_MEMORY_ATTRIBUTES2, step
            107).

            4 calls to convert it were refused, the first at step 66. The last of
            them (step 93, to make 1536..2047 private) was refused at step 98,
            EAGAIN at page 1792: 1792 is in use besides the page cache: 1 pin. What
            held page 1792 was disk's pin (O_DIRECT transfer, page 1792, taken at
            step 24 through the VMM's mapping, given back at step 103). It left the
            page table of the VMM at step 65, before a refusal: that stays. At step
            99 the VMM answered whoever asked: given up after 3 retries.
            """);
  }

  @Test
  void a_call_that_changed_nothing_and_a_pin_that_stays_are_told() {
    assertThat(why(shipped("tdx/good-no-op-conversion"), 512))
        .isEqualTo(
            """
            page 512 (guest 2 MiB) is shared, mapped by the VMM and pinned by nic.

            It became shared at step 9: the VMM gave 512..1023 its first view at
            step 1, and the VMM made the call (KVM_SET_MEMORY_ATTRIBUTES2, step 2).
            The call of step 32 to make it shared changed nothing: it was so
            already.

            nic holds it by a long-term pin (VFIO, iova 512..1023, taken at step 25
            through the VMM's mapping, not given back). It has been in the page
            table of the VMM since step 24.
            """);
  }

  @Test
  void a_page_that_nothing_happened_to_says_so() {
    assertThat(why(shipped("tdx/good-mapgpa-in-pieces"), 4095))
        .isEqualTo(
            """
            page 4095 (guest 16380 KiB) is private and mapped by nobody.

            It has been private from the start. No step of this run concerns it.
            """);
  }

  @Test
  void a_call_is_traced_back_to_the_one_who_asked_for_it() {
    Scenario scenario =
        new Stories(folder)
            .scenario(
                """
                story: Two vCPUs and the VMM itself ask for conversions.
                mode: tdx
                revision: in-place-v8
                memory: {size: 32 KiB, shared: 0 KiB..32 KiB}
                parties: {second: {kind: vcpu}}
                script:
                  guest:
                    - convert-to-private: 0 KiB..8 KiB
                      name: first
                  second:
                    - convert-to-private: 8 KiB..16 KiB
                  vmm:
                    - await: guest
                    - convert-to-private: 16 KiB..24 KiB
                    - set-private: 24 KiB..32 KiB
                """);
    for (long seed = 0; seed < 20; seed++) {
      RecordedRun run = Recordings.of(scenario, new Schedule.Random(seed), Integer.MAX_VALUE);
      assertThat(asked(scenario, run, 0)).isEqualTo("vCPU guest asked for 0..1");
      assertThat(asked(scenario, run, 2)).isEqualTo("vCPU second asked for 2..3");
      assertThat(asked(scenario, run, 4)).isEqualTo("the VMM converted 4..5 of its own accord");
      assertThat(asked(scenario, run, 6)).isEqualTo("the VMM's script asked for it");
    }
  }

  private static String asked(Scenario scenario, RecordedRun run, long page) {
    String text = Why.explain(scenario, run, page).replace('\n', ' ');
    return text.replaceFirst(".*It became private at step \\d+: (.*?) at step .*", "$1");
  }

  @Test
  void a_retry_after_a_notification_is_still_the_guests() {
    String transfer = "    - dma-store: {at: 0 KiB, value: 9}\n".repeat(12);
    Scenario scenario =
        new Stories(folder)
            .scenario(
                """
                story: A transfer goes on while the VMM waits to be told that it is over.
                mode: tdx
                revision: thread-notify
                memory: {size: 32 KiB, shared: 0 KiB..32 KiB}
                parties: {disk: {kind: o-direct}}
                script:
                  guest:
                    - await: pinned
                    - convert-to-private: 0 KiB..8 KiB
                  disk:
                    - pin: 0 KiB..4 KiB
                      name: pinned
                    - await: {refused-by: gmem}
                """
                    + transfer
                    + "    - unpin: 0 KiB..4 KiB\n");
    RecordedRun run = Recordings.of(scenario);
    assertThat(Ladder.draw(scenario, run, Optional.empty())).contains("0..1 is free");
    assertThat(asked(scenario, run, 0)).isEqualTo("the guest asked for 0..1");
  }

  @Test
  void of_two_pins_the_one_that_was_not_given_back_is_told() {
    Scenario scenario =
        new Stories(folder)
            .scenario(
                """
                story: A ring comes after a device and leaves before it.
                mode: tdx
                revision: in-place-v8
                memory: {size: 32 KiB, shared: 0 KiB..32 KiB}
                parties: {nic: {kind: vfio}, ring: {kind: io-uring}}
                script:
                  nic:
                    - dma-map: 0 KiB..8 KiB
                  ring:
                    - await: nic
                    - pin: 0 KiB..4 KiB
                    - unpin: 0 KiB..4 KiB
                """);
    assertThat(why(scenario, 0))
        .startsWith("page 0 (guest 0) is shared, mapped by the VMM and pinned by nic.");
    assertThat(why(scenario, 0)).contains("nic holds it by a").doesNotContain("ring");
  }

  @Test
  void a_refusal_is_not_explained_by_one_before_it() {
    Scenario scenario =
        new Stories(folder)
            .scenario(
                """
                story: A page is pinned, and then a call goes beyond the file.
                mode: tdx
                revision: in-place-v8
                memory: {size: 32 KiB, shared: 0 KiB..32 KiB}
                parties: {disk: {kind: o-direct}}
                script:
                  disk:
                    - pin: 0 KiB..4 KiB
                  vmm:
                    - await: disk
                    - set-private: 0 KiB..8 KiB
                """);
    WorldSetup setup = scenario.setup();
    List<Script> scripts = new ArrayList<>(setup.scripts());
    scripts.replaceAll(
        script -> script.party().equals(Parties.VMM) ? with(script, BEYOND_THE_FILE) : script);
    scenario =
        new Scenario(
            scenario.name(),
            scenario.file(),
            scenario.story(),
            new WorldSetup(
                setup.mode(),
                setup.revision(),
                setup.vmm(),
                setup.guest(),
                setup.pageCount(),
                setup.shared(),
                setup.vcpus(),
                setup.users(),
                setup.open(),
                scripts,
                setup.channelBound()),
            scenario.expected(),
            scenario.expectations(),
            scenario.promises(),
            scenario.schedule(),
            scenario.seed(),
            scenario.sources());
    assertThat(why(scenario, 0))
        .isEqualTo(
            """
            page 0 (guest 0) is shared, mapped by nobody and pinned by disk.

            It became shared at step 9: the VMM gave 0..7 its first view at step 1,
            and the VMM made the call (KVM_SET_MEMORY_ATTRIBUTES2, step 2).

            2 calls to convert it were refused, the first at step 32. The last of
            them (step 35, to make 0..15 private) was refused at step 35, EINVAL:
            0x0 + 0x10000 is beyond the file. It left the page table of the VMM at
            step 31, before a refusal: that stays.

            disk holds it by a pin (O_DIRECT transfer, page 0, taken at step 24
            through the VMM's mapping, not given back).
            """);
  }

  @Test
  void a_pin_on_its_way_to_its_holder_is_its_holders_already() {
    Scenario scenario = shipped("tdx/good-o-direct-in-flight");
    RecordedRun whole = Recordings.of(scenario);
    assertThat(Why.explain(scenario, Recordings.cut(whole, 24), 512))
        .isEqualTo(
            """
            page 512 (guest 2 MiB), where the journal stops (step 24), is shared,
            mapped by the VMM and pinned by disk.

            It became shared at step 9: the VMM gave 512..1023 its first view at
            step 1, and the VMM made the call (KVM_SET_MEMORY_ATTRIBUTES2, step 2).

            disk holds it by a pin (O_DIRECT transfer, page 512, taken at step 24
            through the VMM's mapping, not given back). It has been in the page
            table of the VMM since step 23.
            """);
  }

  @Test
  void a_page_outside_the_guests_memory_is_refused() {
    Scenario scenario = FakeScenarios.blockedByVfio();
    RecordedRun run = Recordings.of(scenario, new Schedule.Fifo(), 5);
    assertThatThrownBy(() -> Why.explain(scenario, run, 4096))
        .hasMessage("page 4096 is outside the guest's memory: give one of 0..4095");
    assertThatThrownBy(() -> Why.explain(scenario, run, -1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void a_page_is_given_by_number_or_by_guest_address() {
    assertThat(Why.parsePage("512")).contains(512L);
    assertThat(Why.parsePage("2 MiB")).contains(512L);
    assertThat(Why.parsePage("2MiB")).contains(512L);
    assertThat(Why.parsePage("0x200000")).contains(512L);
    assertThat(Why.parsePage("0x200fff")).contains(512L);
    assertThat(Why.parsePage("1 TiB")).contains(1L << 28);
    for (String wrong : new String[] {"", "-1", "2 MB", "512.", "0x", "9999999999 TiB", "two"}) {
      assertThat(Why.parsePage(wrong)).as(wrong).isEqualTo(Optional.empty());
    }
  }

  @Test
  void where_a_page_is_there_twice_nobody_is_nobody_through_the_file() {
    Scenario scenario =
        Stories.load("tdx/good-blocked-by-vfio-then-retried", Stories.revision("linux-7.3"));
    assertThat(why(scenario, 768))
        .isEqualTo(
            """
            page 768 (guest 3 MiB) is shared and mapped by nobody through the file.

            The page is there twice; who has the one of shmem mapped or pinned is
            shown by the ladder alone.

            It has been shared from the start.
            """);
  }
}
