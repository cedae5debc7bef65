package dev.faultline.protocol.anchor;

import dev.faultline.protocol.Part;
import dev.faultline.protocol.Parts;
import dev.faultline.protocol.PartyState;
import dev.faultline.protocol.design.PageState;
import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.PfnRange;
import dev.faultline.protocol.memory.RangeMap;
import dev.faultline.protocol.memory.Run;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The state of a trust anchor: its table of pages, and what each event changes. */
public record AnchorState(Parts parts) implements PartyState {

  /** What it keeps of each guest frame; one that is not there is the host's. */
  private static final Part<RangeMap<GfnRange, Entry>> PAGES = Part.of("pages", RangeMap.empty());

  /** The call that waits for inodes. */
  private static final Part<Optional<Pending>> PENDING = Part.of("pending", Optional.empty());

  /** The calls behind it, in order. */
  private static final Part<List<Call>> QUEUE = Part.of("queue", List.of());

  private <T> AnchorState with(Part<T> part, T value) {
    return new AnchorState(parts.with(part, value));
  }

  public RangeMap<GfnRange, Entry> pages() {
    return parts.get(PAGES);
  }

  public Optional<Pending> pending() {
    return parts.get(PENDING);
  }

  public List<Call> queue() {
    return parts.get(QUEUE);
  }

  /** What all pages of a range are, in order; what is not in the table is {@code absent}. */
  List<Run<GfnRange, Entry>> runs(GfnRange range) {
    List<Run<GfnRange, Entry>> all = new ArrayList<>(pages().runs(range));
    for (GfnRange gap : pages().gaps(range)) {
      all.add(new Run<>(gap, new Entry(PageState.ABSENT, 0)));
    }
    all.sort((one, other) -> Long.compare(one.range().start(), other.range().start()));
    return all;
  }

  AnchorState evolve(AnchorEvent event) {
    return switch (event) {
      case AnchorEvent.Moved(String _, GfnRange range, String from, String to, PfnRange frames) -> {
        for (Run<GfnRange, Entry> run : runs(range)) {
          if (!run.value().state().equals(from)) {
            throw new IllegalStateException(run.range() + " is " + run.value() + ", not " + from);
          }
        }
        yield with(
            PAGES,
            to.equals(PageState.ABSENT)
                ? pages().without(range)
                : pages().with(range, new Entry(to, frames.start() - range.start())));
      }
      case AnchorEvent.CallPends(Pending call) -> {
        if (pending().isPresent()) {
          throw new IllegalStateException("two calls at once: " + call);
        }
        yield with(PENDING, Optional.of(call));
      }
      case AnchorEvent.GuardTaken() -> with(PENDING, Optional.of(pending().orElseThrow().taken()));
      case AnchorEvent.CallEnded() -> with(PENDING, Optional.<Pending>empty());
      case AnchorEvent.CallQueued(Call call) -> {
        List<Call> queue = new ArrayList<>(queue());
        queue.add(call);
        yield with(QUEUE, List.copyOf(queue));
      }
      case AnchorEvent.CallTaken() -> with(QUEUE, queue().subList(1, queue().size()));
    };
  }

  /** The frames of a range, in order. */
  List<PfnRange> frames(GfnRange range) {
    List<PfnRange> frames = new ArrayList<>();
    for (Run<GfnRange, Entry> run : pages().runs(range)) {
      append(frames, PfnRange.behind(run.range(), run.value().offset()));
    }
    return frames;
  }

  static void append(List<PfnRange> frames, PfnRange next) {
    if (!frames.isEmpty() && frames.getLast().end() == next.start()) {
      frames.set(frames.size() - 1, frames.getLast().hull(next));
    } else {
      frames.add(next);
    }
  }
}
