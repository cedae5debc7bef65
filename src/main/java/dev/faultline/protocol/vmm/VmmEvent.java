package dev.faultline.protocol.vmm;

import dev.faultline.protocol.Event;
import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.TaskId;
import dev.faultline.protocol.message.View;

/** What can happen to a VMM. */
public sealed interface VmmEvent extends Event {

  /** A thread began something. */
  record TaskStarted(TaskId id, VmmTask task) implements VmmEvent {}

  /** It stands as told. */
  record TaskProceeded(TaskId id, VmmTask task) implements VmmEvent, Event.Progress {}

  /** It is done. */
  record TaskEnded(TaskId id) implements VmmEvent {}

  /** The VMM wrote a range's view into its own map; there is no ioctl to ask for it. */
  record ViewRecorded(GfnRange range, View view) implements VmmEvent {}

  /** A host user holds pages of the range. */
  record HoldingAdded(PartyId user, GfnRange range) implements VmmEvent {}

  /** It does not any more. */
  record HoldingRemoved(PartyId user, GfnRange range) implements VmmEvent {}

  /** The VMM does not run this vCPU again. */
  record VcpuStopped(PartyId vcpu) implements VmmEvent {}

  /** The VMM died. */
  record ProcessDied() implements VmmEvent {}
}
