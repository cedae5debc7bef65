package dev.faultline.protocol.message;

import dev.faultline.protocol.memory.GfnRange;

/** What a VMM tells the host users of guest memory. */
public sealed interface VmmToHostIo extends ToHostIo {

  /**
   * Answers {@link HostIoToVmm.MapDma}.
   *
   * @param result that of {@link IommuToVmm.Mapped}
   */
  record DmaMapped(Result result) implements VmmToHostIo {}

  /**
   * Answers {@link HostIoToVmm.UnmapDma}.
   *
   * @param result that of {@link IommuToVmm.Unmapped}
   */
  record DmaUnmapped(Result result) implements VmmToHostIo {}

  /**
   * Give the pins of the range back (IORING_UNREGISTER_BUFFERS), once no transfer goes through
   * them. Sent by a conversion at unregister-buffers; answered by {@link HostIoToVmm.Released},
   * also by a user that has none.
   */
  record Unregister(GfnRange range) implements VmmToHostIo {}

  /**
   * The process that the user belongs to has died: it lets go of its pins. Not answered. Sent by
   * the VMM to the parts of its process; in any other process a host user that dies tells the
   * others so.
   */
  record ProcessDied() implements VmmToHostIo {}
}
