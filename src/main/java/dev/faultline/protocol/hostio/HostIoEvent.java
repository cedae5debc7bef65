package dev.faultline.protocol.hostio;

import dev.faultline.protocol.Event;
import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.PfnRange;
import dev.faultline.protocol.message.Endpoint;
import dev.faultline.protocol.message.ScriptToHostIo;
import java.util.List;

/** What can happen to a host user of guest memory. */
public sealed interface HostIoEvent extends Event {

  /** An operation began. */
  record OperationStarted(ScriptToHostIo operation) implements HostIoEvent {}

  /** It ended. */
  record OperationEnded() implements HostIoEvent {}

  /** Pages are pinned. */
  record Pinned(GfnRange range, List<PfnRange> frames) implements HostIoEvent {
    public Pinned {
      frames = List.copyOf(frames);
    }
  }

  /** Pages are given back, or on their way back. */
  record Unpinned(GfnRange range) implements HostIoEvent {}

  /** The VMM wants pages back. */
  record ReleaseStarted(Endpoint vmm, GfnRange range) implements HostIoEvent {}

  /** It has them. */
  record ReleaseEnded() implements HostIoEvent {}

  /** The process died. */
  record ProcessDied() implements HostIoEvent {}
}
