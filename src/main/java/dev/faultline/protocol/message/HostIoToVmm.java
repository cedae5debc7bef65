package dev.faultline.protocol.message;

import dev.faultline.protocol.memory.GfnRange;

/** What a host user of guest memory wants from, or tells, the VMM it belongs to. */
public sealed interface HostIoToVmm extends ToVmm {

  /**
   * A device's driver model in the VMM wants the range mapped for DMA. Answered by {@link
   * VmmToHostIo.DmaMapped}.
   */
  record MapDma(GfnRange range) implements HostIoToVmm {}

  /** It wants the range unmapped. Answered by {@link VmmToHostIo.DmaUnmapped}. */
  record UnmapDma(GfnRange range) implements HostIoToVmm {}

  /**
   * An io_uring of the VMM has pinned the range for long: the VMM may ask for it back. Not
   * answered.
   */
  record Registered(GfnRange range) implements HostIoToVmm {}

  /** The user gave the range back of its own. Not answered. */
  record Unregistered(GfnRange range) implements HostIoToVmm {}

  /**
   * Answers {@link VmmToHostIo.Unregister}: the user does not have, or no longer has, the pages.
   */
  record Released(GfnRange range) implements HostIoToVmm {}

  /**
   * A part of the VMM's process was killed, or met a signal that kills it: the VMM is dead. Not
   * answered.
   */
  record ProcessDied() implements HostIoToVmm {}
}
