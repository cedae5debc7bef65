package dev.faultline.protocol.hostmemory;

import dev.faultline.protocol.Event;
import dev.faultline.protocol.message.TaskId;

/** What can happen to an address space (struct mm_struct). */
public sealed interface HostMemoryEvent extends Event {

  /** madvise(MADV_DONTNEED) began, and the VM's MMU notifier is called first. */
  record UnmapStarted(TaskId id, Unmapping unmapping) implements HostMemoryEvent {}

  /** It returned: the pages are unmapped, and the VM knows. */
  record UnmapEnded(TaskId id) implements HostMemoryEvent {}

  /** exit_mmap: the process ended, and there are no mappings any more. */
  record AllUnmapped() implements HostMemoryEvent {}
}
