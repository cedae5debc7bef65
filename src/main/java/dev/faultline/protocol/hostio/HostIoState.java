package dev.faultline.protocol.hostio;

import dev.faultline.protocol.Part;
import dev.faultline.protocol.Parts;
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
public record HostIoState(Parts parts) {

  /** The parts. */
  sealed interface HostIoPart<T> extends Part<T> {

    @Override
    default String member() {
      return "";
    }

    /** The operation under way. */
    record Operation() implements HostIoPart<Optional<ScriptToHostIo>> {
      @Override
      public String family() {
        return "operation";
      }

      @Override
      public Optional<ScriptToHostIo> initial() {
        return Optional.empty();
      }
    }

    /** The pages it has pinned: guest frame to pfn - gfn. */
    record Pins() implements HostIoPart<RangeMap<GfnRange, Long>> {
      @Override
      public String family() {
        return "pins";
      }

      @Override
      public RangeMap<GfnRange, Long> initial() {
        return RangeMap.empty();
      }
    }

    /** What the VMM wants back. */
    record Release() implements HostIoPart<Optional<Wanted>> {
      @Override
      public String family() {
        return "release";
      }

      @Override
      public Optional<Wanted> initial() {
        return Optional.empty();
      }
    }

    /** Whether its process is dead. */
    record Dead() implements HostIoPart<Boolean> {
      @Override
      public String family() {
        return "dead";
      }

      @Override
      public Boolean initial() {
        return false;
      }
    }
  }

  /** Pages that the VMM wants back. */
  public record Wanted(Endpoint vmm, GfnRange range) {}

  private <T> HostIoState with(Part<T> part, T value) {
    return new HostIoState(parts.with(part, value));
  }

  public Optional<ScriptToHostIo> operation() {
    return parts.get(new HostIoPart.Operation());
  }

  /** The pages it has pinned and may still touch. */
  public RangeMap<GfnRange, Long> pins() {
    return parts.get(new HostIoPart.Pins());
  }

  public Optional<Wanted> wanted() {
    return parts.get(new HostIoPart.Release());
  }

  public boolean dead() {
    return parts.get(new HostIoPart.Dead());
  }

  /** The pinned frames behind a range, in order. */
  List<PfnRange> frames(GfnRange range) {
    List<PfnRange> frames = new ArrayList<>();
    for (Run<GfnRange, Long> run : pins().runs(range)) {
      frames.add(new PfnRange(run.range().start() + run.value(), run.range().end() + run.value()));
    }
    return frames;
  }

  HostIoState evolve(HostIoEvent event) {
    return switch (event) {
      case HostIoEvent.OperationStarted(ScriptToHostIo operation) -> {
        if (operation().isPresent()) {
          throw new IllegalStateException("two operations at once: " + operation);
        }
        yield with(new HostIoPart.Operation(), Optional.of(operation));
      }
      case HostIoEvent.OperationEnded() ->
          with(new HostIoPart.Operation(), Optional.<ScriptToHostIo>empty());
      case HostIoEvent.Pinned(GfnRange range, List<PfnRange> frames) -> {
        RangeMap<GfnRange, Long> pins = pins();
        long next = range.start();
        for (PfnRange piece : frames) {
          GfnRange target = new GfnRange(next, next + piece.pageCount());
          pins = pins.with(target, piece.start() - next);
          next = target.end();
        }
        yield with(new HostIoPart.Pins(), pins);
      }
      case HostIoEvent.Unpinned(GfnRange range) ->
          with(new HostIoPart.Pins(), pins().without(range));
      case HostIoEvent.ReleaseStarted(Endpoint vmm, GfnRange range) ->
          with(new HostIoPart.Release(), Optional.of(new Wanted(vmm, range)));
      case HostIoEvent.ReleaseEnded() -> with(new HostIoPart.Release(), Optional.<Wanted>empty());
      case HostIoEvent.ProcessDied() -> with(new HostIoPart.Dead(), true);
    };
  }
}
