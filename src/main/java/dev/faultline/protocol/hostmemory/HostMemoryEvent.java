package dev.faultline.protocol.hostmemory;

import dev.faultline.protocol.Event;

/** What can happen to an address space. */
public sealed interface HostMemoryEvent extends Event {

  /** The process ended; there are no mappings any more. */
  record AllUnmapped() implements HostMemoryEvent {}
}
