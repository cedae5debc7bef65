package dev.faultline.protocol.gmem;

import dev.faultline.protocol.memory.IndexRange;
import dev.faultline.protocol.memory.PfnRange;
import dev.faultline.protocol.memory.Run;
import dev.faultline.protocol.message.PartyId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Runs of frames: which are free, which exist, which a process maps. */
final class Frames {

  private Frames() {}

  /** Frames for pages without a folio, of the lowest generation that no detached frame has. */
  static List<PfnRange> fresh(GmemState state, IndexRange gap) {
    List<PfnRange> frames = new ArrayList<>();
    List<IndexRange> open = List.of(gap);
    for (int generation = 0; !open.isEmpty(); generation++) {
      List<IndexRange> later = new ArrayList<>();
      for (IndexRange range : open) {
        PfnRange wanted = state.frames(range, generation);
        for (PfnRange free : state.detached().gaps(wanted)) {
          frames.add(free);
        }
        for (Run<PfnRange, Folio> used : state.detached().runs(wanted)) {
          later.add(state.indices(used.range()));
        }
      }
      open = later;
    }
    return frames;
  }

  /** Appends frames, joined with the ones before where they follow on. */
  static void append(List<PfnRange> frames, PfnRange next) {
    if (!frames.isEmpty() && frames.getLast().end() == next.start()) {
      frames.set(frames.size() - 1, new PfnRange(frames.getLast().start(), next.end()));
    } else {
      frames.add(next);
    }
  }

  static long pages(List<PfnRange> frames) {
    return frames.stream().mapToLong(PfnRange::pageCount).sum();
  }

  static boolean exists(GmemState state, PfnRange frames) {
    return all(state, frames, folio -> true);
  }

  /**
   * Whether every one of the frames is there, in the page cache or detached, and shows something.
   */
  static boolean all(GmemState state, PfnRange frames, Predicate<Folio> shows) {
    long attached =
        state.folios(state.indices(frames)).stream()
            .filter(run -> run.value().generation() == state.generation(frames))
            .filter(run -> shows.test(run.value()))
            .mapToLong(run -> run.range().pageCount())
            .sum();
    long detached =
        state.detached().runs(frames).stream()
            .filter(run -> shows.test(run.value()))
            .mapToLong(run -> run.range().pageCount())
            .sum();
    return attached + detached == frames.pageCount();
  }

  /** The frame behind a page of a process, if its page table has it. */
  static Optional<PfnRange> mapped(GmemState state, PartyId memory, IndexRange page) {
    List<PfnRange> frames = state.mappedPrefix(memory, page);
    return pages(frames) == page.pageCount() && frames.size() == 1
        ? Optional.of(frames.getFirst())
        : Optional.empty();
  }
}
