package dev.faultline.protocol.anchor;

import dev.faultline.protocol.design.Anchor;
import dev.faultline.protocol.design.AnchorInstruction;
import dev.faultline.protocol.design.GuestAnswer;
import dev.faultline.protocol.design.PageState;
import dev.faultline.protocol.memory.Errno;
import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.PfnRange;
import dev.faultline.protocol.memory.Run;
import dev.faultline.protocol.message.Content;
import java.util.ArrayList;
import java.util.List;

/** What an instruction does to the pages of a range: all of them move, or none. */
sealed interface Moves {

  /** They move; those that the instruction leaves as they are are not named. */
  record All(List<Move> moves) implements Moves {
    public All {
      moves = List.copyOf(moves);
    }
  }

  /** A page refuses. */
  record Refused(Errno errno, GfnRange range, String state) implements Moves {}

  /** An access of the guest to a page would fault. */
  record Faults(GfnRange range) implements Moves {}

  /** Pages of one state that move together. */
  record Move(GfnRange range, String from, String to, PfnRange frames, Content content) {}

  /**
   * Follows an instruction through the table.
   *
   * @param frames behind pages that are not in the table, in the order of the range
   * @param byGuest the guest gives it, and faults where its accesses would
   */
  static Moves of(
      Anchor anchor,
      AnchorState state,
      AnchorInstruction instruction,
      GfnRange range,
      List<PfnRange> frames,
      boolean byGuest) {
    List<Move> moves = new ArrayList<>();
    for (Run<GfnRange, Entry> run : state.runs(range)) {
      String from = run.value().state();
      Errno refused = instruction.refuses().get(from);
      String to = instruction.moves().get(from);
      boolean isAbsent = from.equals(PageState.ABSENT);
      List<PfnRange> behind =
          isAbsent
              ? behind(range, frames, run.range())
              : List.of(PfnRange.behind(run.range(), run.value().offset()));
      if (to != null && !behind.isEmpty()) {
        long gfn = run.range().start();
        for (PfnRange piece : behind) {
          GfnRange pages = new GfnRange(gfn, gfn + piece.pageCount());
          moves.add(new Move(pages, from, to, piece, instruction.effect(from)));
          gfn = pages.end();
        }
      } else if (refused != null) {
        return new Refused(refused, run.range(), from);
      } else if (!instruction.otherwise()) {
        return byGuest && anchor.state(from).guest() instanceof GuestAnswer.Faults
            ? new Faults(range)
            : new Refused(Errno.EIO, run.range(), from);
      }
    }
    return new All(moves);
  }

  /** The frames behind a part of a range; none if they are not all given. */
  private static List<PfnRange> behind(GfnRange range, List<PfnRange> frames, GfnRange part) {
    List<PfnRange> found = new ArrayList<>();
    long at = range.start();
    long pages = 0;
    for (PfnRange piece : frames) {
      GfnRange covers = new GfnRange(at, at + piece.pageCount());
      long offset = piece.start() - at;
      covers
          .intersect(part)
          .ifPresent(both -> AnchorState.append(found, PfnRange.behind(both, offset)));
      at = covers.end();
    }
    for (PfnRange piece : found) {
      pages += piece.pageCount();
    }
    return pages == part.pageCount() ? found : List.of();
  }
}
