package dev.faultline.protocol.vmm;

import dev.faultline.protocol.Event;
import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.TaskId;
import dev.faultline.protocol.message.View;

/** What can happen to a VMM. */
public sealed interface VmmEvent extends Event {

  /** A thread began a conversion, a call, or a request of a host user. */
  record TaskStarted(TaskId id, VmmTask task) implements VmmEvent {}

  /** It stands as told. */
  record TaskProceeded(TaskId id, VmmTask task) implements VmmEvent, Event.Progress {}

  /** It is done. */
  record TaskEnded(TaskId id) implements VmmEvent {}

  /** The VMM wrote a range's view into its own map; there is no ioctl to ask for it. */
  record ViewRecorded(GfnRange range, View view) implements VmmEvent {}

  /**
   * A host user holds pages of the range, as far as the VMM knows: DMA mapped, or buffers
   * registered.
   */
  record HoldingAdded(PartyId user, GfnRange range) implements VmmEvent {}

  /** It does not any more, or the VMM has asked for them back. */
  record HoldingRemoved(PartyId user, GfnRange range) implements VmmEvent {}

  /** The VMM does not run this vCPU again. */
  record VcpuStopped(PartyId vcpu) implements VmmEvent {}

  /** The VMM's process died, killed or by SIGBUS. */
  record ProcessDied() implements VmmEvent {}
}
