package dev.faultline.protocol.gmem;

import static dev.faultline.scenario.ScenarioLoader.Overrides.NONE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.protocol.Chance;
import dev.faultline.protocol.Decision;
import dev.faultline.protocol.Stimulus;
import dev.faultline.protocol.design.LockMode;
import dev.faultline.protocol.design.Revision;
import dev.faultline.protocol.memory.Errno;
import dev.faultline.protocol.memory.IndexRange;
import dev.faultline.protocol.memory.Page;
import dev.faultline.protocol.message.Access;
import dev.faultline.protocol.message.Endpoint;
import dev.faultline.protocol.message.Foll;
import dev.faultline.protocol.message.GmemToKvm;
import dev.faultline.protocol.message.GmemToProcess;
import dev.faultline.protocol.message.HostMemoryToGmem;
import dev.faultline.protocol.message.KvmToGmem;
import dev.faultline.protocol.message.Message;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.PartyKind;
import dev.faultline.protocol.message.ProcessToGmem;
import dev.faultline.protocol.message.Result;
import dev.faultline.protocol.message.TaskId;
import dev.faultline.protocol.message.ToGmem;
import dev.faultline.protocol.message.View;
import dev.faultline.testing.Stories;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GmemDeciderTest {

  private static final PartyId KVM = PartyId.of(PartyKind.KVM, "kvm");
  private static final PartyId MEMORY = PartyId.of(PartyKind.HOST_MEMORY, "vmm-memory");
  private static final Endpoint VMM = Endpoint.of(PartyId.of(PartyKind.VMM, "vmm"));
  private static final IndexRange PAGE_0 = new IndexRange(0, 1);

  @TempDir Path folder;

  private GmemDecider gmem;
  private GmemState state;

  /** An inode of one page by which RFC v1 decides. */
  @BeforeEach
  void begin() {
    Revision revision =
        new Stories(folder)
            .scenario(
                """
                story: None.
                mode: tdx
                revision: rfc-2024-09
                memory: {size: 4 KiB, shared: 0..4 KiB}
                script:
                  vmm: [{load: 0}]
                """)
            .setup()
            .revision();
    GmemSetup.Binding slot = new GmemSetup.Binding(KVM, PAGE_0);
    gmem =
        new GmemDecider(
            revision, new GmemSetup(1, 0, true, View.SHARED, true, List.of(slot), List.of()));
    state = gmem.initialState();
  }

  /** Tells the inode something and lets its tasks run until none can move. */
  private List<Message> told(ToGmem message) {
    List<Message> answers = new ArrayList<>();
    take(new Stimulus.Delivered<>(Endpoint.of(KVM), TaskId.NONE, message), answers);
    while (!gmem.movable(state).isEmpty()) {
      take(new Stimulus.Advanced<>(gmem.movable(state).getFirst()), answers);
    }
    return answers;
  }

  private void take(Stimulus<ToGmem> stimulus, List<Message> answers) {
    Decision<GmemEvent> decision = (Decision<GmemEvent>) gmem.decide(state, stimulus, _ -> false);
    for (GmemEvent event : decision.events()) {
      state = gmem.evolve(state, event);
    }
    decision.sends().forEach(send -> answers.add(send.message()));
  }

  private List<Message> unmappedButHeld(Foll foll) {
    told(new KvmToGmem.AgreeToAttributes(PAGE_0, View.SHARED));
    told(new HostMemoryToGmem.Touch(MEMORY, PAGE_0, new Access.Store(7), VMM));
    told(new HostMemoryToGmem.GetUserPages(MEMORY, PAGE_0, true, foll, VMM));
    told(new HostMemoryToGmem.Zap(MEMORY, PAGE_0, VMM));
    return told(new KvmToGmem.AgreeToAttributes(PAGE_0, View.PRIVATE));
  }

  @Test
  void a_pin_refuses_the_conversion_that_looks_for_mappings_and_pins() {
    assertThat(unmappedButHeld(Foll.PIN))
        .containsExactly(new GmemToKvm.Agreed(Result.failed(Errno.EINVAL)));
  }

  @Test
  void a_signal_ends_an_allocation_in_front_of_a_page_and_what_is_allocated_stays() {
    Revision revision =
        Stories.load("sw-protected/good-signal-interrupts-allocation", NONE).setup().revision();
    IndexRange pages = new IndexRange(0, 4);
    gmem =
        new GmemDecider(
            revision,
            new GmemSetup(
                4,
                0,
                true,
                View.SHARED,
                true,
                List.of(new GmemSetup.Binding(KVM, pages)),
                List.of(Chance.SIGNAL_PENDING)));
    state = gmem.initialState();
    take(
        new Stimulus.Delivered<>(VMM, TaskId.NONE, new ProcessToGmem.Allocate(0, 4 * Page.BYTES)),
        new ArrayList<>());
    TaskId task = gmem.movable(state).getFirst();
    take(new Stimulus.Advanced<>(task), new ArrayList<>());
    assertThat(gmem.decide(state, new Stimulus.Advanced<>(task), _ -> false).decisions())
        .extracting(this::after)
        .containsExactly("4 pages, ok", "0 pages, EINTR", "3 pages, EINTR");
  }

  /** How many pages are allocated, unlocked and held by nobody, and what the call returned. */
  private String after(Decision<GmemEvent> decision) {
    GmemState end = state;
    for (GmemEvent event : decision.events()) {
      end = gmem.evolve(end, event);
    }
    long pages =
        end.folios(new IndexRange(0, 4)).stream()
            .filter(run -> run.value().lockedBy().isEmpty() && run.value().references() == 0)
            .mapToLong(run -> run.range().pageCount())
            .sum();
    assertThat(end.tasks()).isEmpty();
    assertThat(end.invalidateLock().allows(LockMode.EXCLUSIVE)).isTrue();
    Result result =
        decision.sends().getFirst().message() instanceof GmemToProcess.Returned returned
            ? returned.result()
            : new Result.Died();
    return pages
        + " pages, "
        + (result instanceof Result.Failed failed
            ? failed.errno().name()
            : result.equals(Result.ok()) ? "ok" : result.toString());
  }

  @Test
  void a_reference_without_a_pin_is_missed_by_it() {
    assertThat(unmappedButHeld(Foll.GET)).containsExactly(new GmemToKvm.Agreed(Result.ok()));
    assertThat(state.folios(PAGE_0).getFirst().value().references()).isEqualTo(1);
  }
}
