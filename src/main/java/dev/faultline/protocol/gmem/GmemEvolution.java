package dev.faultline.protocol.gmem;

import dev.faultline.protocol.design.Lock;
import dev.faultline.protocol.design.PageState;
import dev.faultline.protocol.memory.IndexRange;
import dev.faultline.protocol.memory.PfnRange;
import dev.faultline.protocol.memory.RangeMap;
import dev.faultline.protocol.memory.RangeSet;
import dev.faultline.protocol.memory.Run;
import dev.faultline.protocol.message.Content;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.TaskId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** What each event changes in the state of an inode. */
final class GmemEvolution {

  private GmemEvolution() {}

  static GmemState evolve(GmemState state, GmemEvent event) {
    return switch (event) {
      case GmemEvent.TaskStarted(TaskId id, GmemTask task) -> state.startTask(id, task);
      case GmemEvent.TaskProceeded(TaskId id, GmemTask task) -> state.proceedTask(id, task);
      case GmemEvent.TaskEnded(TaskId id) -> state.endTask(id);
      case GmemEvent.LockTaken taken -> take(state, taken);
      case GmemEvent.LockReleased released -> release(state, released);
      case GmemEvent.AttributesStored stored ->
          state.withAttributes(state.attributes().with(stored.range(), stored.view()));
      case GmemEvent.HostFaultsAllowed(IndexRange range) ->
          state.withFaultable(state.faultable().with(range));
      case GmemEvent.HostFaultsForbidden(IndexRange range) ->
          state.withFaultable(state.faultable().without(range));
      case GmemEvent.HostUnmapped(PartyId memory, IndexRange range) ->
          state.withPageTable(memory, state.pageTable(memory).without(range));
      case GmemEvent.ExitMmapWaits(PartyId memory) -> {
        List<PartyId> exiting = new ArrayList<>(state.exiting());
        exiting.add(memory);
        exiting.sort(null);
        yield state.withExiting(exiting);
      }
      case GmemEvent.ExitMmapDone(PartyId memory) -> {
        List<PartyId> exiting = new ArrayList<>(state.exiting());
        if (!exiting.remove(memory)) {
          throw new IllegalStateException(memory + " is not exiting");
        }
        yield state.withExiting(exiting);
      }
      case GmemEvent.HostMapped mapped -> map(state, mapped);
      case GmemEvent.FoliosAdded(List<PfnRange> frames) -> add(state, frames);
      case GmemEvent.FoliosBatched(PartyId cpu, List<PfnRange> frames) -> {
        RangeSet<PfnRange> batch = state.batch(cpu);
        for (PfnRange piece : frames) {
          batch = batch.with(piece);
        }
        yield change(state, frames, folio -> folio.referenced(1)).withBatch(cpu, batch);
      }
      case GmemEvent.BatchDrained(PartyId cpu) ->
          change(state, state.batch(cpu).ranges(PfnRange.ALL), folio -> folio.referenced(-1))
              .withBatch(cpu, RangeSet.empty());
      case GmemEvent.FoliosGot(TaskId id, List<PfnRange> frames) ->
          change(state, frames, folio -> folio.referenced(1).locked(Optional.of(id)));
      case GmemEvent.FoliosUnlocked(List<PfnRange> frames) ->
          change(state, frames, folio -> folio.locked(Optional.empty()));
      case GmemEvent.FoliosReferenced(List<PfnRange> frames) ->
          change(state, frames, folio -> folio.referenced(1));
      case GmemEvent.FoliosPut(List<PfnRange> frames) ->
          change(state, frames, folio -> folio.referenced(-1));
      case GmemEvent.FoliosPinned(List<PfnRange> frames) ->
          change(state, frames, folio -> folio.pinned(1));
      case GmemEvent.FoliosUnpinned(List<PfnRange> frames) ->
          change(state, frames, folio -> folio.pinned(-1));
      case GmemEvent.FoliosZeroed(List<PfnRange> frames) -> {
        GmemState zeroed = change(state, frames, folio -> folio.withUptodate(true));
        for (PfnRange piece : frames) {
          zeroed = zeroed.withBytes(piece, 0);
        }
        yield zeroed;
      }
      case GmemEvent.FoliosUnprepared(IndexRange range) ->
          state.changeFolios(range, folio -> folio.map(present -> present.withUptodate(false)));
      case GmemEvent.CallbacksRegistered(List<PfnRange> frames) -> {
        RangeSet<PfnRange> callbacks = state.callbacks();
        for (PfnRange piece : frames) {
          callbacks = callbacks.with(piece);
        }
        yield state.withCallbacks(callbacks);
      }
      case GmemEvent.CallbacksCleared(List<PfnRange> frames) -> {
        RangeSet<PfnRange> callbacks = state.callbacks();
        for (PfnRange piece : frames) {
          callbacks = callbacks.without(piece);
        }
        yield state.withCallbacks(callbacks);
      }
      case GmemEvent.PagesRemoved(IndexRange range) -> remove(state, range);
      case GmemEvent.BytesWritten(PfnRange frames, int value) -> state.withBytes(frames, value);
      case GmemEvent.ContentLost(List<PfnRange> frames) -> {
        GmemState lost = state;
        for (PfnRange piece : frames) {
          lost = lost.withBytes(piece, 0).withGuarded(lost.guarded().without(piece));
        }
        yield lost;
      }
      case GmemEvent.FramesGuarded(List<PfnRange> frames, String guard, Content content) -> {
        GmemState guarded = state;
        for (PfnRange piece : frames) {
          guarded =
              changeBytes(guarded, piece, content)
                  .withGuarded(
                      guard.equals(PageState.ABSENT)
                          ? guarded.guarded().without(piece)
                          : guarded.guarded().with(piece, guard));
        }
        yield guarded;
      }
      case GmemEvent.WatchSet(Watch watch) -> {
        List<Watch> watches = new ArrayList<>(state.watches());
        watches.add(watch);
        yield state.withWatches(watches);
      }
      case GmemEvent.WatchDropped(Watch watch) -> {
        List<Watch> watches = new ArrayList<>(state.watches());
        if (!watches.remove(watch)) {
          throw new IllegalStateException("there is no " + watch);
        }
        yield state.withWatches(watches);
      }
    };
  }

  static GmemState changeBytes(GmemState state, PfnRange frames, Content content) {
    return switch (content) {
      case KEEP -> state;
      case ZERO -> state.withBytes(frames, 0);
      case GARBAGE -> state.withBytes(frames, Content.GARBAGE_BYTE);
    };
  }

  private static GmemState take(GmemState state, GmemEvent.LockTaken taken) {
    return switch (taken.lock()) {
      case Lock.INVALIDATE ->
          state.withInvalidateLock(state.invalidateLock().take(taken.id(), taken.mode()));
      case Lock.FOLIO ->
          state.changeFolios(
              taken.range(),
              folio -> folio.map(present -> present.locked(Optional.of(taken.id()))));
      case Lock.SLOTS, Lock.MMU ->
          throw new IllegalStateException("an inode has no " + taken.lock().word() + " lock");
    };
  }

  private static GmemState release(GmemState state, GmemEvent.LockReleased released) {
    return switch (released.lock()) {
      case Lock.INVALIDATE ->
          state.withInvalidateLock(state.invalidateLock().release(released.id()));
      case Lock.FOLIO ->
          state.changeFolios(
              released.range(),
              folio ->
                  folio.map(
                      present ->
                          present.lockedBy().equals(Optional.of(released.id()))
                              ? present.locked(Optional.empty())
                              : present));
      case Lock.SLOTS, Lock.MMU ->
          throw new IllegalStateException("an inode has no " + released.lock().word() + " lock");
    };
  }

  private static GmemState map(GmemState state, GmemEvent.HostMapped mapped) {
    GmemState changed =
        change(state, mapped.frames(), folio -> folio.referenced(-1).locked(Optional.empty()));
    RangeMap<IndexRange, Integer> table = changed.pageTable(mapped.memory());
    for (PfnRange piece : mapped.frames()) {
      table = table.with(changed.indices(piece), changed.generation(piece));
    }
    return changed.withPageTable(mapped.memory(), table);
  }

  private static GmemState add(GmemState state, List<PfnRange> frames) {
    GmemState changed = state;
    for (PfnRange piece : frames) {
      int generation = changed.generation(piece);
      changed =
          changed.changeFolios(
              changed.indices(piece),
              present -> {
                if (present.isPresent()) {
                  throw new IllegalStateException("a folio is added where there is one: " + piece);
                }
                return Optional.of(Folio.fresh(generation));
              });
    }
    return changed;
  }

  /**
   * Changes folios by frame, in the page cache or detached. A detached frame without references is
   * freed, its content with it.
   */
  private static GmemState change(
      GmemState state, List<PfnRange> frames, UnaryOperator<Folio> change) {
    GmemState changed = state;
    for (PfnRange piece : frames) {
      IndexRange indices = changed.indices(piece);
      int generation = changed.generation(piece);
      List<IndexRange> attached = new ArrayList<>();
      for (Run<IndexRange, Folio> run : changed.folios(indices)) {
        if (run.value().generation() == generation) {
          attached.add(run.range());
        }
      }
      long found = 0;
      for (IndexRange range : attached) {
        changed = changed.changeFolios(range, folio -> folio.map(change::apply));
        found += range.pageCount();
      }
      for (Run<PfnRange, Folio> run : changed.detached().runs(piece)) {
        Folio now = change.apply(run.value());
        if (now.extra() == 0) {
          changed =
              changed
                  .withDetached(changed.detached().without(run.range()))
                  .withBytes(run.range(), 0);
          if (changed.callbacks().overlaps(run.range())) {
            // Model: the kernel follows folio->mapping, which is gone, and crashes.
            changed = changed.withCallbacks(changed.callbacks().without(run.range()));
          }
        } else {
          changed = changed.withDetached(changed.detached().with(run.range(), now));
        }
        found += run.range().pageCount();
      }
      if (found != piece.pageCount()) {
        throw new IllegalStateException("frames " + piece + " are not all there");
      }
    }
    return changed;
  }

  private static GmemState remove(GmemState state, IndexRange range) {
    GmemState changed = state;
    for (PartyId memory : state.mappers(range)) {
      changed = changed.withPageTable(memory, changed.pageTable(memory).without(range));
    }
    for (Run<IndexRange, Folio> run : state.folios(range)) {
      PfnRange frames = changed.frames(run.range(), run.value().generation());
      changed = changed.changeFolios(run.range(), folio -> Optional.empty());
      changed =
          run.value().extra() > 0
              ? changed.withDetached(changed.detached().with(frames, run.value()))
              : changed.withBytes(frames, 0);
    }
    return changed;
  }
}
