package dev.faultline.protocol.iommu;

import dev.faultline.protocol.Event;
import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.PfnRange;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.TaskId;
import java.util.List;

/** What can happen to an IOMMU domain (drivers/vfio/vfio_iommu_type1.c). */
public sealed interface IommuEvent extends Event {

  /** A call or a transfer began. */
  record TaskStarted(TaskId id, IommuTask task) implements IommuEvent {}

  /** It stands as told. */
  record TaskProceeded(TaskId id, IommuTask task) implements IommuEvent, Event.Progress {}

  /** It is over. */
  record TaskEnded(TaskId id) implements IommuEvent {}

  /**
   * IOVAs got translations (vfio_dma_do_map).
   *
   * @param device whose driver model asked
   * @param frames the pages behind the range, in order
   */
  record Mapped(PartyId device, GfnRange iova, List<PfnRange> frames) implements IommuEvent {
    public Mapped {
      frames = List.copyOf(frames);
    }
  }

  /** IOVAs lost their translations (vfio_dma_do_unmap); transfers that have theirs go on. */
  record Unmapped(GfnRange iova) implements IommuEvent {}
}
