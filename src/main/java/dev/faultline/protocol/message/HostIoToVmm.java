package dev.faultline.protocol.message;

import dev.faultline.protocol.memory.GfnRange;

/** What a host user of guest memory wants from, or tells, the VMM it belongs to. */
public sealed interface HostIoToVmm extends ToVmm {

  /** A device's driver model in the VMM wants the range mapped for DMA. */
  record MapDma(GfnRange range) implements HostIoToVmm {}

  /** It wants the range unmapped. */
  record UnmapDma(GfnRange range) implements HostIoToVmm {}

  /** The user has pinned the range for long: the VMM may ask for it back. */
  record Registered(GfnRange range) implements HostIoToVmm {}

  /** The user gave the range back. */
  record Unregistered(GfnRange range) implements HostIoToVmm {}

  /** The user does not have, or no longer has, what {@link VmmToHostIo.Unregister} names. */
  record Released(GfnRange range) implements HostIoToVmm {}

  /** A thread of the VMM's process met a signal that kills it: the VMM is dead. */
  record ProcessDied() implements HostIoToVmm {}
}
