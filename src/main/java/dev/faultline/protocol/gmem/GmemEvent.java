package dev.faultline.protocol.gmem;

import dev.faultline.protocol.Event;
import dev.faultline.protocol.design.Lock;
import dev.faultline.protocol.design.LockMode;
import dev.faultline.protocol.memory.IndexRange;
import dev.faultline.protocol.memory.PfnRange;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.TaskId;
import dev.faultline.protocol.message.View;
import java.util.List;

/** What can happen to a gmem inode. */
public sealed interface GmemEvent extends Event {

  /** An operation entered the kernel. */
  record TaskStarted(TaskId id, GmemTask task) implements GmemEvent {}

  /** It took a step, and stands as told. */
  record TaskProceeded(TaskId id, GmemTask task) implements GmemEvent, Event.Progress {}

  /** It returned. */
  record TaskEnded(TaskId id) implements GmemEvent {}

  /** A lock was taken. */
  record LockTaken(TaskId id, Lock lock, LockMode mode, IndexRange range) implements GmemEvent {}

  /** It was let go. */
  record LockReleased(TaskId id, Lock lock, IndexRange range) implements GmemEvent {}

  /** The attribute of the range was stored. */
  record AttributesStored(IndexRange range, View view) implements GmemEvent {}

  /** Host faults on the range are let through. */
  record HostFaultsAllowed(IndexRange range) implements GmemEvent {}

  /** Host faults on the range are refused. */
  record HostFaultsForbidden(IndexRange range) implements GmemEvent {}

  /** The page table of a process lost the range. */
  record HostUnmapped(PartyId memory, IndexRange range) implements GmemEvent {}

  /** exit_mmap of a process waits for its threads that are still in the kernel. */
  record ExitMmapWaits(PartyId memory) implements GmemEvent {}

  /** It waits no longer. */
  record ExitMmapDone(PartyId memory) implements GmemEvent {}

  /** The page table of a process got the frames. */
  record HostMapped(PartyId memory, List<PfnRange> frames) implements GmemEvent {
    public HostMapped {
      frames = List.copyOf(frames);
    }
  }

  /** Frames were allocated and added to the page cache. */
  record FoliosAdded(List<PfnRange> frames) implements GmemEvent {
    public FoliosAdded {
      frames = List.copyOf(frames);
    }
  }

  /** A task referenced and locked folios. */
  record FoliosGot(TaskId id, List<PfnRange> frames) implements GmemEvent {
    public FoliosGot {
      frames = List.copyOf(frames);
    }
  }

  /** A task unlocked folios that it had got; it keeps its reference. */
  record FoliosUnlocked(List<PfnRange> frames) implements GmemEvent {
    public FoliosUnlocked {
      frames = List.copyOf(frames);
    }
  }

  /** get_user_pages took a reference without a pin on each of the frames. */
  record FoliosReferenced(List<PfnRange> frames) implements GmemEvent {
    public FoliosReferenced {
      frames = List.copyOf(frames);
    }
  }

  /** A reference on each of the frames was put. */
  record FoliosPut(List<PfnRange> frames) implements GmemEvent {
    public FoliosPut {
      frames = List.copyOf(frames);
    }
  }

  /** Each of the frames was pinned once more. */
  record FoliosPinned(List<PfnRange> frames) implements GmemEvent {
    public FoliosPinned {
      frames = List.copyOf(frames);
    }
  }

  /** Each of the frames was unpinned once. */
  record FoliosUnpinned(List<PfnRange> frames) implements GmemEvent {
    public FoliosUnpinned {
      frames = List.copyOf(frames);
    }
  }

  /** Frames that no one had used were zeroed and are up to date. */
  record FoliosZeroed(List<PfnRange> frames) implements GmemEvent {
    public FoliosZeroed {
      frames = List.copyOf(frames);
    }
  }

  /** Folios of the range count as never prepared. */
  record FoliosUnprepared(IndexRange range) implements GmemEvent {}

  /** The page cache lost the range; frames that are referenced stay with their holders. */
  record PagesRemoved(IndexRange range) implements GmemEvent {}

  /** The byte of each of the frames was written. */
  record BytesWritten(PfnRange frames, int value) implements GmemEvent {}

  /**
   * The content of the frames is gone, destroyed by the trust anchor. Model: what it leaves reads
   * as 0; hardware may leave anything until KVM clears the page (tdx_quirk_reset_page).
   */
  record ContentLost(List<PfnRange> frames) implements GmemEvent {
    public ContentLost {
      frames = List.copyOf(frames);
    }
  }

  /** Someone wants to be told when the range is not in use any more. */
  record WatchSet(Watch watch) implements GmemEvent {}

  /** Someone was told, or does not want to be any more. */
  record WatchDropped(Watch watch) implements GmemEvent {}
}
