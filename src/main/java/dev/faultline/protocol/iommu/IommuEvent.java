package dev.faultline.protocol.iommu;

import dev.faultline.protocol.Event;
import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.PfnRange;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.TaskId;
import java.util.List;

/** What can happen to an IOMMU domain. */
public sealed interface IommuEvent extends Event {

  /** A call or a transfer began. */
  record TaskStarted(TaskId id, IommuTask task) implements IommuEvent {}

  /** It stands as told. */
  record TaskProceeded(TaskId id, IommuTask task) implements IommuEvent, Event.Progress {}

  /** It is over. */
  record TaskEnded(TaskId id) implements IommuEvent {}

  /** IOVAs got translations. */
  record Mapped(PartyId device, GfnRange iova, List<PfnRange> frames) implements IommuEvent {
    public Mapped {
      frames = List.copyOf(frames);
    }
  }

  /** IOVAs lost their translations. */
  record Unmapped(GfnRange iova) implements IommuEvent {}
}
