package dev.faultline.protocol.hostmemory;

import dev.faultline.protocol.Event;
import dev.faultline.protocol.message.TaskId;

/** What can happen to an address space. */
public sealed interface HostMemoryEvent extends Event {

  /** Pages are to be unmapped, and the VM is told first. */
  record UnmapStarted(TaskId id, Unmapping unmapping) implements HostMemoryEvent {}

  /** The pages are unmapped, and the VM knows. */
  record UnmapEnded(TaskId id) implements HostMemoryEvent {}

  /** The process ended; there are no mappings any more. */
  record AllUnmapped() implements HostMemoryEvent {}
}
