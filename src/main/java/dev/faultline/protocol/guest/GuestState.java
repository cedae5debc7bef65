package dev.faultline.protocol.guest;

import dev.faultline.protocol.Part;
import dev.faultline.protocol.Parts;
import dev.faultline.protocol.PartyState;
import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.Page;
import dev.faultline.protocol.memory.RangeMap;
import dev.faultline.protocol.memory.RangeSet;
import dev.faultline.protocol.message.ScriptToGuest;
import dev.faultline.protocol.message.View;
import java.util.Optional;

/** The state of a vCPU: named access to its parts, and what each event changes. */
public record GuestState(Parts parts) implements PartyState {

  /** The operation under way. */
  private static final Part<Optional<ScriptToGuest>> OPERATION =
      Part.of("operation", Optional.empty());

  /** How far a MapGPA has come. */
  private static final Part<MapGpaProgress> PROGRESS =
      Part.of("progress", new MapGpaProgress(0, 0));

  /** How many of its instructions the guest has given for the pages of its request. */
  private static final Part<Integer> GIVEN = Part.of("given", 0);

  /** The view that the guest believes a page has. */
  private static final Part<RangeMap<GfnRange, View>> BELIEF = Part.of("belief", RangeMap.empty());

  /** The pages that the guest has accepted since it asked for them. */
  private static final Part<RangeSet<GfnRange>> ACCEPTED = Part.of("accepted", RangeSet.empty());

  /** Whether the vCPU is stopped for good. */
  private static final Part<Boolean> STOPPED = Part.of("stopped", false);

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
    return parts.get(OPERATION);
  }

  public MapGpaProgress progress() {
    return parts.get(PROGRESS);
  }

  int given() {
    return parts.get(GIVEN);
  }

  public RangeMap<GfnRange, View> belief() {
    return parts.get(BELIEF);
  }

  GuestState withBelief(RangeMap<GfnRange, View> belief) {
    return with(BELIEF, belief);
  }

  public RangeSet<GfnRange> accepted() {
    return parts.get(ACCEPTED);
  }

  public boolean stopped() {
    return parts.get(STOPPED);
  }

  GuestState evolve(GuestEvent event) {
    return switch (event) {
      case GuestEvent.OperationStarted(ScriptToGuest operation) -> {
        if (operation().isPresent()) {
          throw new IllegalStateException("two operations at once: " + operation);
        }
        yield with(OPERATION, Optional.of(operation));
      }
      case GuestEvent.OperationEnded() ->
          with(OPERATION, Optional.<ScriptToGuest>empty())
              .with(PROGRESS, new MapGpaProgress(0, 0))
              .with(GIVEN, 0);
      case GuestEvent.MapGpaMade(long gpa, int retries) ->
          with(PROGRESS, new MapGpaProgress(gpa, retries));
      case GuestEvent.InstructionGiven(String _, GfnRange range) ->
          with(PROGRESS, new MapGpaProgress(range.start() * Page.BYTES, 0))
              .with(GIVEN, given() + 1);
      case GuestEvent.ViewBelieved(GfnRange range, View view) ->
          with(BELIEF, belief().with(range, view))
              .with(ACCEPTED, accepted().without(range))
              .with(GIVEN, 0);
      case GuestEvent.RangeAccepted(GfnRange range) -> with(ACCEPTED, accepted().with(range));
      case GuestEvent.VcpuStopped() -> with(STOPPED, true);
    };
  }
}
