package dev.faultline.protocol.iommu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.protocol.Decision;
import dev.faultline.protocol.Send;
import dev.faultline.protocol.Stimulus;
import dev.faultline.protocol.memory.Errno;
import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.IndexRange;
import dev.faultline.protocol.memory.PfnRange;
import dev.faultline.protocol.message.Endpoint;
import dev.faultline.protocol.message.IommuToVmm;
import dev.faultline.protocol.message.PagesAnswer;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.PartyKind;
import dev.faultline.protocol.message.Result;
import dev.faultline.protocol.message.TaskId;
import dev.faultline.protocol.message.ToIommu;
import dev.faultline.protocol.message.VmmToIommu;
import java.util.List;
import org.junit.jupiter.api.Test;

class IommuDeciderTest {

  private static final Endpoint VMM = Endpoint.of(PartyId.of(PartyKind.VMM, "vmm"));
  private static final PartyId NIC = PartyId.of(PartyKind.HOST_IO, "nic");
  private static final PartyId DISK = PartyId.of(PartyKind.HOST_IO, "disk");

  private final IommuDecider iommu =
      new IommuDecider(
          PartyId.of(PartyKind.HOST_MEMORY, "vmm-memory"), PartyId.of(PartyKind.GMEM, "gmem"));
  private IommuState state = iommu.initialState();

  /** The answer to the VMM, if there is one already. */
  private List<Object> told(TaskId to, ToIommu message) {
    Decision<IommuEvent> decision =
        (Decision<IommuEvent>)
            iommu.decide(state, new Stimulus.Delivered<>(VMM, to, message), _ -> false);
    for (IommuEvent event : decision.events()) {
      state = iommu.evolve(state, event);
    }
    return decision.sends().stream()
        .filter(send -> send.to().equals(VMM))
        .<Object>map(Send::message)
        .toList();
  }

  private void map(PartyId device, long start, long end) {
    told(TaskId.NONE, new VmmToIommu.MapDma(device, new GfnRange(start, end)));
    TaskId pinning = state.tasks().getLast();
    assertThat(
            told(
                pinning,
                new PagesAnswer.Got(new IndexRange(start, end), List.of(new PfnRange(start, end)))))
        .containsExactly(new IommuToVmm.Mapped(Result.ok()));
  }

  @Test
  void a_mapping_over_one_that_is_being_made_is_EEXIST() {
    told(TaskId.NONE, new VmmToIommu.MapDma(NIC, new GfnRange(0, 8)));
    assertThat(told(TaskId.NONE, new VmmToIommu.MapDma(DISK, new GfnRange(7, 9))))
        .containsExactly(new IommuToVmm.Mapped(Result.failed(Errno.EEXIST)));
    assertThat(state.tasks()).hasSize(1);
  }

  @Test
  void an_unmapping_that_cuts_a_mapping_in_two_is_EINVAL_and_changes_nothing() {
    map(NIC, 0, 8);
    map(NIC, 8, 16);
    IommuState before = state;
    assertThat(told(TaskId.NONE, new VmmToIommu.UnmapDma(NIC, new GfnRange(0, 12))))
        .containsExactly(new IommuToVmm.Unmapped(Result.failed(Errno.EINVAL)));
    assertThat(state).isEqualTo(before);
  }

  @Test
  void an_unmapping_of_whole_mappings_puts_the_pages_of_all_of_them() {
    map(NIC, 0, 8);
    map(DISK, 8, 16);
    told(TaskId.NONE, new VmmToIommu.UnmapDma(NIC, new GfnRange(0, 32)));
    assertThat(state.translations().runs(GfnRange.ALL)).isEmpty();
    assertThat(state.task(state.tasks().getFirst()))
        .isEqualTo(
            new IommuTask.Unmap(
                VMM, new GfnRange(0, 32), List.of(new PfnRange(0, 8), new PfnRange(8, 16)), true));
  }
}
