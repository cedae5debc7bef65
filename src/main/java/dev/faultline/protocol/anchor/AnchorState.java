package dev.faultline.protocol.anchor;

import dev.faultline.protocol.Part;
import dev.faultline.protocol.Parts;
import dev.faultline.protocol.PartyState;
import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.PfnRange;
import dev.faultline.protocol.memory.RangeMap;
import dev.faultline.protocol.memory.Run;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The state of a trust anchor: its secure EPT, and what each event changes. */
public record AnchorState(Parts parts) implements PartyState {

  private static final Part<RangeMap<GfnRange, Entry>> SECURE_EPT =
      Part.of("secure-ept", RangeMap.empty());

  public RangeMap<GfnRange, Entry> secureEpt() {
    return parts.get(SECURE_EPT);
  }

  private AnchorState with(RangeMap<GfnRange, Entry> entries) {
    return new AnchorState(parts.with(SECURE_EPT, entries));
  }

  AnchorState evolve(AnchorEvent event) {
    return switch (event) {
      case AnchorEvent.Augmented(GfnRange range, PfnRange frames) -> {
        if (!secureEpt().runs(range).isEmpty()) {
          throw new IllegalStateException("pages of " + range + " are given twice");
        }
        yield with(
            secureEpt()
                .with(range, new Entry(Entry.Stage.PENDING, frames.start() - range.start())));
      }
      case AnchorEvent.Accepted(GfnRange range) -> with(move(range, Entry.Stage.ACCEPTED));
      case AnchorEvent.Blocked(GfnRange range) -> with(move(range, Entry.Stage.BLOCKED));
      case AnchorEvent.Removed(GfnRange range) -> with(secureEpt().without(range));
    };
  }

  private RangeMap<GfnRange, Entry> move(GfnRange range, Entry.Stage stage) {
    return secureEpt()
        .update(
            range,
            entry ->
                Optional.of(
                    new Entry(
                        stage,
                        entry
                            .orElseThrow(
                                () -> new IllegalStateException("no entry in all of " + range))
                            .offset())));
  }

  /** The frames of a range, in order. */
  List<PfnRange> frames(GfnRange range) {
    List<PfnRange> frames = new ArrayList<>();
    for (Run<GfnRange, Entry> run : secureEpt().runs(range)) {
      PfnRange next = PfnRange.behind(run.range(), run.value().offset());
      if (!frames.isEmpty() && frames.getLast().end() == next.start()) {
        frames.set(frames.size() - 1, frames.getLast().hull(next));
      } else {
        frames.add(next);
      }
    }
    return frames;
  }
}
