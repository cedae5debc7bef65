package dev.faultline.protocol.hostio;

import dev.faultline.protocol.Event;
import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.PfnRange;
import dev.faultline.protocol.message.Endpoint;
import dev.faultline.protocol.message.ScriptToHostIo;
import java.util.List;

/** What can happen to a host user of guest memory. */
public sealed interface HostIoEvent extends Event {

  /** An operation of the script began. */
  record OperationStarted(ScriptToHostIo operation) implements HostIoEvent {}

  /** It ended, and the script was answered. */
  record OperationEnded() implements HostIoEvent {}

  /**
   * Pages are pinned (pin_user_pages_fast).
   *
   * @param frames the pages behind the range, in order
   */
  record Pinned(GfnRange range, List<PfnRange> frames) implements HostIoEvent {
    public Pinned {
      frames = List.copyOf(frames);
    }
  }

  /** Pages are given back, or on their way back (unpin_user_pages). */
  record Unpinned(GfnRange range) implements HostIoEvent {}

  /**
   * The VMM wants pages back (IORING_UNREGISTER_BUFFERS).
   *
   * @param vmm whom to tell when it has them
   */
  record ReleaseStarted(Endpoint vmm, GfnRange range) implements HostIoEvent {}

  /** The VMM has them, or there were none. */
  record ReleaseEnded() implements HostIoEvent {}

  /** The io_uring is closed; its pages are given back later (io_ring_exit_work). */
  record RingClosed() implements HostIoEvent {}

  /** The process that it is a part of died. */
  record ProcessDied() implements HostIoEvent {}
}
