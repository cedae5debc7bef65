package dev.faultline.protocol.message;

import dev.faultline.protocol.memory.GfnRange;

/** What a VMM tells the host users of guest memory that belong to it. */
public sealed interface VmmToHostIo extends ToHostIo {

  /** The DMA mapping that was asked for is there, or not. */
  record DmaMapped(Result result) implements VmmToHostIo {}

  /** The DMA mapping is gone. */
  record DmaUnmapped(Result result) implements VmmToHostIo {}

  /** Give the pins of the range back: IORING_UNREGISTER_BUFFERS. */
  record Unregister(GfnRange range) implements VmmToHostIo {}

  /** The process that the user belongs to has died. */
  record ProcessDied() implements VmmToHostIo {}
}
