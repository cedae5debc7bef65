package dev.faultline.protocol.guest;

import dev.faultline.protocol.Part;
import dev.faultline.protocol.Parts;
import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.RangeMap;
import dev.faultline.protocol.memory.RangeSet;
import dev.faultline.protocol.message.ScriptToGuest;
import dev.faultline.protocol.message.View;
import java.util.Optional;

/** The state of a vCPU: named access to its parts, and what each event changes. */
public record GuestState(Parts parts) {

  /** The parts. */
  sealed interface GuestPart<T> extends Part<T> {

    @Override
    default String member() {
      return "";
    }

    /** The operation under way. */
    record Operation() implements GuestPart<Optional<ScriptToGuest>> {
      @Override
      public String family() {
        return "operation";
      }

      @Override
      public Optional<ScriptToGuest> initial() {
        return Optional.empty();
      }
    }

    /** How far a MapGPA has come. */
    record Progress() implements GuestPart<MapGpaProgress> {
      @Override
      public String family() {
        return "progress";
      }

      @Override
      public MapGpaProgress initial() {
        return new MapGpaProgress(0, 0);
      }
    }

    /** The view that the guest believes a page has. */
    record Belief() implements GuestPart<RangeMap<GfnRange, View>> {
      @Override
      public String family() {
        return "belief";
      }

      @Override
      public RangeMap<GfnRange, View> initial() {
        return RangeMap.empty();
      }
    }

    /** The pages that the guest has accepted since it asked for them. */
    record Accepted() implements GuestPart<RangeSet<GfnRange>> {
      @Override
      public String family() {
        return "accepted";
      }

      @Override
      public RangeSet<GfnRange> initial() {
        return RangeSet.empty();
      }
    }

    /** Whether the vCPU is stopped for good. */
    record Stopped() implements GuestPart<Boolean> {
      @Override
      public String family() {
        return "stopped";
      }

      @Override
      public Boolean initial() {
        return false;
      }
    }
  }

  /**
   * How far a MapGPA has come.
   *
   * @param gpa from where it was made last, bytes
   * @param retries how often it came back without progress
   */
  public record MapGpaProgress(long gpa, int retries) {}

  private <T> GuestState with(Part<T> part, T value) {
    return new GuestState(parts.with(part, value));
  }

  public Optional<ScriptToGuest> operation() {
    return parts.get(new GuestPart.Operation());
  }

  public MapGpaProgress progress() {
    return parts.get(new GuestPart.Progress());
  }

  public RangeMap<GfnRange, View> belief() {
    return parts.get(new GuestPart.Belief());
  }

  GuestState withBelief(RangeMap<GfnRange, View> belief) {
    return with(new GuestPart.Belief(), belief);
  }

  public RangeSet<GfnRange> accepted() {
    return parts.get(new GuestPart.Accepted());
  }

  public boolean stopped() {
    return parts.get(new GuestPart.Stopped());
  }

  GuestState evolve(GuestEvent event) {
    return switch (event) {
      case GuestEvent.OperationStarted(ScriptToGuest operation) -> {
        if (operation().isPresent()) {
          throw new IllegalStateException("two operations at once: " + operation);
        }
        yield with(new GuestPart.Operation(), Optional.of(operation));
      }
      case GuestEvent.OperationEnded() ->
          with(new GuestPart.Operation(), Optional.<ScriptToGuest>empty())
              .with(new GuestPart.Progress(), new MapGpaProgress(0, 0));
      case GuestEvent.MapGpaMade(long gpa, int retries) ->
          with(new GuestPart.Progress(), new MapGpaProgress(gpa, retries));
      case GuestEvent.ViewBelieved(GfnRange range, View view) ->
          with(new GuestPart.Belief(), belief().with(range, view))
              .with(new GuestPart.Accepted(), accepted().without(range));
      case GuestEvent.RangeAccepted(GfnRange range) ->
          with(new GuestPart.Accepted(), accepted().with(range));
      case GuestEvent.VcpuStopped() -> with(new GuestPart.Stopped(), true);
    };
  }
}
