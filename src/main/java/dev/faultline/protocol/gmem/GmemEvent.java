package dev.faultline.protocol.gmem;

import dev.faultline.protocol.Event;
import dev.faultline.protocol.design.Lock;
import dev.faultline.protocol.design.LockMode;
import dev.faultline.protocol.memory.IndexRange;
import dev.faultline.protocol.memory.PfnRange;
import dev.faultline.protocol.message.Content;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.TaskId;
import dev.faultline.protocol.message.View;
import java.util.List;

/**
 * What can happen to a gmem inode (virt/kvm/guest_memfd.c). Sources name the function as of the
 * in-place conversion series v8 (2026-06-18) unless said otherwise.
 */
public sealed interface GmemEvent extends Event {

  /**
   * An operation entered the kernel: an ioctl, fallocate, a fault, get_user_pages, or a call of
   * KVM.
   */
  record TaskStarted(TaskId id, GmemTask task) implements GmemEvent {}

  /** It took a step, and stands as told. */
  record TaskProceeded(TaskId id, GmemTask task) implements GmemEvent, Event.Progress {}

  /** It returned. */
  record TaskEnded(TaskId id) implements GmemEvent {}

  /**
   * A task took a lock: mapping-&gt;invalidate_lock, or the folio locks of the range (folio_lock).
   */
  record LockTaken(TaskId id, Lock lock, LockMode mode, IndexRange range) implements GmemEvent {}

  /** A task let go of it. */
  record LockReleased(TaskId id, Lock lock, IndexRange range) implements GmemEvent {}

  /** The attribute of the range was stored (mas_store_prealloc). */
  record AttributesStored(IndexRange range, View view) implements GmemEvent {}

  /** Host faults on the range are let through (RFC v1 patch 26: faultability stored). */
  record HostFaultsAllowed(IndexRange range) implements GmemEvent {}

  /** Host faults on the range are refused (RFC v1 patch 26: faultability erased). */
  record HostFaultsForbidden(IndexRange range) implements GmemEvent {}

  /** The page table of a process lost the range (unmap_mapping_pages; madvise; exit_mmap). */
  record HostUnmapped(PartyId memory, IndexRange range) implements GmemEvent {}

  /** exit_mmap of a process waits for its threads that are still in the kernel. */
  record ExitMmapWaits(PartyId memory) implements GmemEvent {}

  /** It waits no longer. */
  record ExitMmapDone(PartyId memory) implements GmemEvent {}

  /**
   * The page table of a process got the frames, and the fault's references became the mapping's
   * (mm/memory.c, do_fault).
   */
  record HostMapped(PartyId memory, List<PfnRange> frames) implements GmemEvent {
    public HostMapped {
      frames = List.copyOf(frames);
    }
  }

  /** Frames were allocated and added to the page cache (kvm_gmem_get_folio). */
  record FoliosAdded(List<PfnRange> frames) implements GmemEvent {
    public FoliosAdded {
      frames = List.copyOf(frames);
    }
  }

  /**
   * New frames wait in a CPU's batch on their way to the LRU, each with a reference
   * (folio_add_lru).
   *
   * @param cpu whose call runs on it
   */
  record FoliosBatched(PartyId cpu, List<PfnRange> frames) implements GmemEvent {
    public FoliosBatched {
      frames = List.copyOf(frames);
    }
  }

  /** The batch of a CPU let go of all that it held (lru_add_drain_cpu). */
  record BatchDrained(PartyId cpu) implements GmemEvent {}

  /** A task referenced and locked folios (kvm_gmem_get_folio). */
  record FoliosGot(TaskId id, List<PfnRange> frames) implements GmemEvent {
    public FoliosGot {
      frames = List.copyOf(frames);
    }
  }

  /** A task unlocked folios that it had got; it keeps its reference (folio_unlock). */
  record FoliosUnlocked(List<PfnRange> frames) implements GmemEvent {
    public FoliosUnlocked {
      frames = List.copyOf(frames);
    }
  }

  /** get_user_pages took a reference without a pin on each of the frames (mm/gup.c, FOLL_GET). */
  record FoliosReferenced(List<PfnRange> frames) implements GmemEvent {
    public FoliosReferenced {
      frames = List.copyOf(frames);
    }
  }

  /** A reference on each of the frames was put (folio_put). */
  record FoliosPut(List<PfnRange> frames) implements GmemEvent {
    public FoliosPut {
      frames = List.copyOf(frames);
    }
  }

  /** Each of the frames was pinned once more (mm/gup.c, FOLL_PIN). */
  record FoliosPinned(List<PfnRange> frames) implements GmemEvent {
    public FoliosPinned {
      frames = List.copyOf(frames);
    }
  }

  /** Each of the frames was unpinned once (unpin_user_pages). */
  record FoliosUnpinned(List<PfnRange> frames) implements GmemEvent {
    public FoliosUnpinned {
      frames = List.copyOf(frames);
    }
  }

  /** Frames that no one had used were zeroed and are up to date (folio_mark_uptodate). */
  record FoliosZeroed(List<PfnRange> frames) implements GmemEvent {
    public FoliosZeroed {
      frames = List.copyOf(frames);
    }
  }

  /** Folios of the range count as never prepared (RFC v1 patch 30, folio_clear_uptodate). */
  record FoliosUnprepared(IndexRange range) implements GmemEvent {}

  /**
   * The last put of each of the frames will be told; the page cache's references are dropped
   * (__gmem_register_callback).
   */
  record CallbacksRegistered(List<PfnRange> frames) implements GmemEvent {
    public CallbacksRegistered {
      frames = List.copyOf(frames);
    }
  }

  /** It will not any more; the references are given back (__kvm_gmem_restore_pending_folio). */
  record CallbacksCleared(List<PfnRange> frames) implements GmemEvent {
    public CallbacksCleared {
      frames = List.copyOf(frames);
    }
  }

  /**
   * The page cache lost the range; frames that are referenced stay with their holders
   * (truncate_inode_pages_range).
   */
  record PagesRemoved(IndexRange range) implements GmemEvent {}

  /**
   * The byte of each of the frames was written: by a CPU, a device, or as an accept zeroes it.
   *
   * @param value 0..255
   */
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

  /**
   * The host finds frames from now on as pages of a state of the trust anchor (RMPUPDATE,
   * host_stage2_set_owner_locked, set_direct_map_invalid_noflush).
   *
   * @param state of the mode's table; {@code absent} for frames that nothing keeps from the host
   * @param content what has happened to their bytes
   */
  record FramesGuarded(List<PfnRange> frames, String state, Content content) implements GmemEvent {
    public FramesGuarded {
      frames = List.copyOf(frames);
    }
  }

  /**
   * The caller of a refused conversion is told when the range is not in use any more. Model: see
   * {@link dev.faultline.protocol.message.GmemToProcess.Unblocked}.
   */
  record WatchSet(Watch watch) implements GmemEvent {}

  /** It was told, or gave the conversion up. */
  record WatchDropped(Watch watch) implements GmemEvent {}
}
