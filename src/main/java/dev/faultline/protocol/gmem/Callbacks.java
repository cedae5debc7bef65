package dev.faultline.protocol.gmem;

import dev.faultline.protocol.Draft;
import dev.faultline.protocol.TaskNumbers;
import dev.faultline.protocol.design.Operation;
import dev.faultline.protocol.memory.Errno;
import dev.faultline.protocol.memory.IndexRange;
import dev.faultline.protocol.memory.PfnRange;
import dev.faultline.protocol.memory.RangeSet;
import dev.faultline.protocol.memory.Run;
import dev.faultline.protocol.message.Endpoint;
import dev.faultline.protocol.message.Result;
import dev.faultline.protocol.message.TaskId;
import dev.faultline.protocol.message.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Folios whose last put is told, and what that does.
 *
 * <p>A page is the host's (shared, host faults let through), the guest's (private), or nobody's:
 * shared still, and host faults forbidden. Whoever has a folio locked has a reference on it too, so
 * that its last put comes with the unlocking, or later.
 */
final class Callbacks {

  private Callbacks() {}

  /** The pages of a range that are nobody's. */
  static List<IndexRange> nobodys(GmemState state, IndexRange range) {
    List<IndexRange> pages = new ArrayList<>();
    for (IndexRange closed : state.faultable().gaps(range)) {
      for (Run<IndexRange, View> run : state.attributes().runs(closed)) {
        if (run.value() == View.SHARED) {
          pages.add(run.range());
        }
      }
    }
    return pages;
  }

  // Conversions.

  static Flow clearMappable(Draft<GmemState, GmemEvent> draft, IndexRange range) {
    RangeSet<IndexRange> referenced = referenced(draft.state(), range);
    draft.happen(new GmemEvent.HostFaultsForbidden(range));
    for (IndexRange free : referenced.gaps(range)) {
      draft.happen(new GmemEvent.AttributesStored(free, View.PRIVATE));
    }
    return Flow.NEXT;
  }

  /** The pages of a range that someone besides the page cache refers to. */
  private static RangeSet<IndexRange> referenced(GmemState state, IndexRange range) {
    RangeSet<IndexRange> referenced = RangeSet.empty();
    for (Run<IndexRange, Folio> run : state.folios(range)) {
      if (run.value().extra() > 0) {
        referenced = referenced.with(run.range());
      }
    }
    for (IndexRange mapped : mapped(state, range)) {
      referenced = referenced.with(mapped);
    }
    return referenced;
  }

  private static List<IndexRange> mapped(GmemState state, IndexRange range) {
    RangeSet<IndexRange> mapped = RangeSet.empty();
    for (var memory : state.mappers(range)) {
      for (Run<IndexRange, Integer> run : state.pageTable(memory).runs(range)) {
        mapped = mapped.with(run.range());
      }
    }
    return mapped.ranges(range);
  }

  static Flow register(Draft<GmemState, GmemEvent> draft, IndexRange range) {
    List<PfnRange> registered = new ArrayList<>();
    for (IndexRange pages : nobodys(draft.state(), range)) {
      RangeSet<IndexRange> mapped = RangeSet.empty();
      for (IndexRange each : mapped(draft.state(), pages)) {
        mapped = mapped.with(each);
      }
      for (IndexRange free : mapped.gaps(pages)) {
        for (Run<IndexRange, Folio> run : draft.state().folios(free)) {
          PfnRange frames = draft.state().frames(run.range(), run.value().generation());
          if (run.value().extra() == 0 && !draft.state().callbacks().overlaps(frames)) {
            draft.happen(new GmemEvent.AttributesStored(run.range(), View.PRIVATE));
          } else {
            registered.addAll(draft.state().callbacks().gaps(frames));
          }
        }
      }
    }
    if (!registered.isEmpty()) {
      draft.happen(new GmemEvent.CallbacksRegistered(registered));
    }
    return Flow.NEXT;
  }

  static Flow whenSettled(GmemState state, IndexRange range, Errno cancelled) {
    return state.attributes().isAll(range, View.PRIVATE)
        ? Flow.NEXT
        : new Flow.Refuse(
            Result.failed(cancelled),
            "a call to shared came before the last put of " + range,
            Optional.empty());
  }

  static Flow cancel(Draft<GmemState, GmemEvent> draft, IndexRange range) {
    List<PfnRange> cleared = new ArrayList<>();
    for (Run<IndexRange, Folio> run : draft.state().folios(range)) {
      PfnRange frames = draft.state().frames(run.range(), run.value().generation());
      cleared.addAll(draft.state().callbacks().ranges(frames));
    }
    if (!cleared.isEmpty()) {
      draft.happen(new GmemEvent.CallbacksCleared(cleared));
    }
    return Flow.NEXT;
  }

  static Flow settle(Draft<GmemState, GmemEvent> draft, IndexRange range) {
    for (IndexRange pages : nobodys(draft.state(), range)) {
      for (IndexRange free : referenced(draft.state(), pages).gaps(pages)) {
        draft.happen(new GmemEvent.AttributesStored(free, View.PRIVATE));
      }
    }
    return Flow.NEXT;
  }

  // The last put.

  static Flow complete(Draft<GmemState, GmemEvent> draft, Work.LastPut put, boolean ifRegistered) {
    List<PfnRange> done = new ArrayList<>();
    for (IndexRange attached : draft.state().attached(put.frames())) {
      for (Run<IndexRange, Folio> run : draft.state().folios(attached)) {
        PfnRange frames = draft.state().frames(run.range(), run.value().generation());
        if (ifRegistered || run.value().extra() == 0) {
          done.addAll(draft.state().callbacks().ranges(frames));
        }
      }
    }
    if (!done.isEmpty()) {
      draft.happen(new GmemEvent.CallbacksCleared(done));
      for (PfnRange frames : done) {
        draft.happen(new GmemEvent.AttributesStored(draft.state().indices(frames), View.PRIVATE));
      }
    }
    return Flow.NEXT;
  }

  /**
   * Frames whose last put has come, and that no one works on yet. Model: while that waits to be
   * done, another last put of the same frame is the same one.
   */
  static List<PfnRange> due(GmemState state, IndexRange whole) {
    RangeSet<PfnRange> underWay = RangeSet.empty();
    for (TaskId id : state.tasks()) {
      if (state.task(id).work() instanceof Work.LastPut put) {
        underWay = underWay.with(put.frames());
      }
    }
    List<PfnRange> due = new ArrayList<>();
    for (Run<IndexRange, Folio> run : state.folios(whole)) {
      PfnRange frames = state.frames(run.range(), run.value().generation());
      if (run.value().extra() == 0 && run.value().lockedBy().isEmpty()) {
        for (PfnRange told : state.callbacks().ranges(frames)) {
          due.addAll(underWay.gaps(told));
        }
      }
    }
    return due;
  }

  /**
   * Begins what the last puts of a step do.
   *
   * @param by the task whose step it was; it waits if it is under way still
   * @param caller on whose behalf
   */
  static void begin(
      Draft<GmemState, GmemEvent> draft,
      IndexRange whole,
      Optional<TaskId> by,
      Endpoint caller,
      Predicate<TaskId> taken) {
    for (PfnRange frames : due(draft.state(), whole)) {
      Optional<TaskId> putter =
          by.filter(id -> draft.state().findTask(id).filter(task -> !task.waiting()).isPresent());
      TaskId id = TaskNumbers.lowestFree(draft.state()::isUnderWay, taken);
      draft.happen(
          new GmemEvent.TaskStarted(
              id,
              GmemTask.start(
                  Operation.LAST_PUT,
                  caller,
                  new Work.LastPut(draft.state().indices(frames), frames, putter))));
      putter.ifPresent(
          putting -> GmemTasks.proceed(draft, putting, draft.state().task(putting).wait(true)));
    }
  }

  /** The task that put the frames waits no more. */
  static void letGo(Draft<GmemState, GmemEvent> draft, TaskId id, Work.LastPut put) {
    put.putter()
        .filter(putting -> draft.state().findTask(putting).isPresent())
        .ifPresent(
            putting -> GmemTasks.proceed(draft, putting, draft.state().task(putting).wait(false)));
    GmemTasks.proceed(
        draft,
        id,
        draft.state().task(id).with(new Work.LastPut(put.range(), put.frames(), Optional.empty())));
  }
}
