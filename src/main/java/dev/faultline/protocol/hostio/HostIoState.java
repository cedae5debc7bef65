package dev.faultline.protocol.hostio;

import dev.faultline.protocol.Part;
import dev.faultline.protocol.Parts;
import dev.faultline.protocol.PartyState;
import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.PfnRange;
import dev.faultline.protocol.memory.RangeMap;
import dev.faultline.protocol.memory.Run;
import dev.faultline.protocol.message.Endpoint;
import dev.faultline.protocol.message.ScriptToHostIo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The state of a host user: named access to its parts, and what each event changes. */
public record HostIoState(Parts parts) implements PartyState {

  /** The operation under way. */
  private static final Part<Optional<ScriptToHostIo>> OPERATION =
      Part.of("operation", Optional.empty());

  /** The pages it has pinned: guest frame to pfn - gfn. */
  private static final Part<RangeMap<GfnRange, Long>> PINS = Part.of("pins", RangeMap.empty());

  /** What the VMM wants back. */
  private static final Part<Optional<Wanted>> WANTED = Part.of("wanted", Optional.empty());

  /** Whether its process is dead. */
  private static final Part<Boolean> DEAD = Part.of("dead", false);

  /** Whether its io_uring was closed. */
  private static final Part<Boolean> CLOSED = Part.of("closed", false);

  /** Pages that the VMM wants back. */
  public record Wanted(Endpoint vmm, GfnRange range) {}

  private <T> HostIoState with(Part<T> part, T value) {
    return new HostIoState(parts.with(part, value));
  }

  public Optional<ScriptToHostIo> operation() {
    return parts.get(OPERATION);
  }

  /** The pages it has pinned and may still touch. */
  public RangeMap<GfnRange, Long> pins() {
    return parts.get(PINS);
  }

  public Optional<Wanted> wanted() {
    return parts.get(WANTED);
  }

  public boolean dead() {
    return parts.get(DEAD);
  }

  /** Whether its io_uring was closed: what it has pinned since goes without being asked for. */
  public boolean closed() {
    return parts.get(CLOSED);
  }

  /** The pinned frames behind a range, in order. */
  List<PfnRange> frames(GfnRange range) {
    List<PfnRange> frames = new ArrayList<>();
    for (Run<GfnRange, Long> run : pins().runs(range)) {
      frames.add(PfnRange.behind(run.range(), run.value()));
    }
    return frames;
  }

  HostIoState evolve(HostIoEvent event) {
    return switch (event) {
      case HostIoEvent.OperationStarted(ScriptToHostIo operation) -> {
        if (operation().isPresent()) {
          throw new IllegalStateException("two operations at once: " + operation);
        }
        yield with(OPERATION, Optional.of(operation));
      }
      case HostIoEvent.OperationEnded() -> with(OPERATION, Optional.<ScriptToHostIo>empty());
      case HostIoEvent.Pinned(GfnRange range, List<PfnRange> frames) -> {
        RangeMap<GfnRange, Long> pins = pins();
        long next = range.start();
        for (PfnRange piece : frames) {
          GfnRange target = new GfnRange(next, next + piece.pageCount());
          pins = pins.with(target, piece.start() - next);
          next = target.end();
        }
        yield with(PINS, pins);
      }
      case HostIoEvent.Unpinned(GfnRange range) -> with(PINS, pins().without(range));
      case HostIoEvent.ReleaseStarted(Endpoint vmm, GfnRange range) ->
          with(WANTED, Optional.of(new Wanted(vmm, range)));
      case HostIoEvent.ReleaseEnded() -> with(WANTED, Optional.<Wanted>empty());
      case HostIoEvent.RingClosed() -> with(CLOSED, true);
      case HostIoEvent.ProcessDied() -> with(DEAD, true);
    };
  }
}
