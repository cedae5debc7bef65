package dev.faultline.protocol.design;

import dev.faultline.protocol.memory.Errno;

/**
 * One atomic thing of the kernel. Other CPUs come in before and after it, never within.
 *
 * <p>Sources name the function as of the in-place conversion series v8 (2026-06-18) unless said
 * otherwise.
 */
public sealed interface Act {

  // Conversions.

  /**
   * Ends the operation with success if every page of the range has the wanted attribute already
   * (__kvm_gmem_set_attributes; kvm_vm_set_mem_attributes). A design with faultability asks for
   * that as well.
   */
  record DoneIfUnchanged() implements Act {}

  /**
   * Allocates what storing needs, so that nothing below can fail (mas_preallocate; xa_reserve in
   * RFC v1).
   *
   * @param fails the errno when memory is short
   * @param reportsAnything error_offset is whatever was on the stack (kvm_gmem_ioctl_convert_range
   *     of the tree with the 1 GiB series); otherwise the start of the range. Model: the start of
   *     the range or its end
   */
  record Preallocate(Errno fails, boolean reportsAnything) implements Act {
    public Preallocate(Errno fails) {
      this(fails, false);
    }
  }

  /**
   * Removes the page table entries of one process for the range and flushes its TLBs
   * (unmap_mapping_pages); repeated until no process has any. Model: guest mappings stay; the
   * kernel's MMU notifier zaps shared ones of the VMM's addresses, also where the call is refused
   * after.
   *
   * @param callerOnly only the process that made the call is looked at
   */
  record UnmapHost(boolean callerOnly) implements Act {
    public UnmapHost() {
      this(false);
    }
  }

  /**
   * Refuses if a folio present in the range has more references than the page cache holds
   * (kvm_gmem_is_safe_for_conversion).
   *
   * @param busy the errno
   * @param reportLowest error_offset names the first such folio
   * @param shows the answer also tells what that folio shows
   * @param notifies the caller is told when the references are gone
   */
  record CheckReferences(Errno busy, boolean reportLowest, boolean shows, boolean notifies)
      implements Act {}

  /**
   * Puts what the batches on the way to the LRU hold (lru_add_drain_all). Model: drained before the
   * references are checked; v8 drains once a check has failed, and checks again.
   *
   * @param callerOnly only the batch of the CPU that makes the call (lru_add_drain)
   */
  record DrainBatches(boolean callerOnly) implements Act {}

  /**
   * Takes the lock of each folio of the range in turn and refuses if one is mapped or may be pinned
   * for DMA (kvm_gmem_should_set_attributes_private, RFC v1 patch 29). A plain reference passes.
   * Model: all folios are looked at together, once none is locked.
   */
  record CheckMappedOrPinned(Errno busy) implements Act {}

  /** Which guest mappings an invalidation zaps. */
  enum Kinds {
    /** Both kinds where the range is mixed: every kind that the range has (v8 as posted). */
    KINDS_IN_RANGE,
    /** Only mappings of the kind that the conversion leaves. */
    OPPOSITE,
    /** Both kinds. */
    ALL,
    /**
     * Mappings of shared pages, and only if a process has one of the range in its page table: left
     * to the MMU notifier (kvm_gmem_convert_should_proceed of the tree with the 1 GiB series).
     * Model: the kernel asks for areas that map the file, not for entries.
     */
    IF_MAPPED
  }

  /**
   * Raises the invalidation count of every VM that has bound pages of the range, removes their
   * guest mappings, flushes, and waits for accesses under way (kvm_gmem_invalidate_begin).
   */
  record InvalidateGuestBegin(Kinds kinds) implements Act {}

  /** Lowers the counts again and makes faults stale that began before (kvm_gmem_invalidate_end). */
  record InvalidateGuestEnd() implements Act {}

  /** Stores the wanted attribute over the range (mas_store_prealloc; xa_store). */
  record StoreAttributes() implements Act {}

  /**
   * For the first page of the range that is not as wanted: removes it from all page tables, refuses
   * if it is still referenced, stores its attribute; then for the next. What a conversion would be
   * that checks and stores in one pass. Model: one page is one step.
   *
   * @param busy the errno, reported at the page
   */
  record ConvertPageByPage(Errno busy) implements Act {}

  /**
   * Host faults on the range are refused from now on (RFC v1 patch 26: faultability erased).
   *
   * @param wholeEntries pages beside the range that were made faultable with it are refused too:
   *     what storing nothing at one index of a multi-index entry does (patch 26's note)
   */
  record ForbidHostFaults(boolean wholeEntries) implements Act {
    public ForbidHostFaults() {
      this(false);
    }
  }

  /**
   * Host faults on the range are let through again (faultability stored).
   *
   * @param indexByIndex an entry is stored for each index in turn, and where memory is short the
   *     act stops there: it undoes nothing, and nobody looks at what it returns
   *     (kvm_gmem_set_faultable of RFC v1 patch 26, as patches 29 and 39 call it). Model: memory is
   *     short at the first index or at the last; otherwise it never is
   */
  record AllowHostFaults(boolean indexByIndex) implements Act {
    public AllowHostFaults() {
      this(false);
    }
  }

  /**
   * The folios of the range count as never prepared: the next user finds zeroes (RFC v1 patch 30,
   * folio_clear_uptodate).
   */
  record ClearUptodate() implements Act {}

  /**
   * Reads whether host faults on the page are let through, for whoever asks. Model: no posted
   * series has it; asked for in the review of RFC v1, patch 26, of 2024-10.
   */
  record TellMappable() implements Act {}

  // A work list (1G page support, RFC v2 of 2025-05-14).

  /**
   * Lists the longest runs of the range that are not as wanted; the acts below work on these alone
   * (kvm_gmem_convert_compute_work). With none of them they do nothing.
   *
   * @param fails the errno without memory for the list
   */
  record ListDifferences(Errno fails) implements Act {}

  /**
   * Stores the wanted attribute over one run after the other, and refuses where memory is short:
   * those before stay stored (kvm_gmem_shareability_apply). Model: memory is short at the first run
   * or at the last.
   *
   * @param fails the errno
   */
  record StoreItems(Errno fails) implements Act {}

  /**
   * Stores the opposite over the runs that have been stored, and only warns where memory is short
   * again (the error leg of kvm_gmem_convert_range). Model: it then stores none of them.
   */
  record RollBackItems() implements Act {}

  // The last put of a folio (the mapping restricted for pKVM, v5 of 2025-01-17).

  /**
   * Host faults on the range are refused from now on, and a page becomes private at once if nobody
   * refers to it besides the page cache; one that is referred to is nobody's, neither the host's
   * nor the guest's (gmem_clear_mappable: KVM_GMEM_GUEST_MAPPABLE, KVM_GMEM_NONE_MAPPABLE). Waits
   * for the folio locks. Model: all folios of the range in one act.
   */
  record ClearMappable() implements Act {}

  /**
   * For each folio of the range that is nobody's: its last put is to be told, and the page cache's
   * own references are dropped for that; if none is left then the page is private at once. One that
   * is mapped, or has a callback, gets none, and the caller cannot tell: both are EAGAIN
   * (__gmem_register_callback). Model: all folios of the range in one act.
   */
  record RegisterCallbacks() implements Act {}

  /**
   * Puts the references that came with the folio locks, which go with them (filemap_lock_folio,
   * folio_put). So another CPU may put the last one but these in front of it.
   */
  record PutFolios() implements Act {}

  /**
   * Waits until no page of the range is nobody's any more; refuses if one of them is the host's
   * again, because a conversion to shared came in between. Model: the call waits; in the posted
   * series the guest's unshare does, by being run again.
   *
   * @param cancelled the errno
   */
  record WaitForCallbacks(Errno cancelled) implements Act {}

  /**
   * Takes the callbacks of the range away and gives the page cache its references back
   * (__kvm_gmem_restore_pending_folio).
   */
  record CancelCallbacks() implements Act {}

  /**
   * What is nobody's and in no one's use becomes private: where a page has left the file that
   * waited for its last put (asked for in the review of patch 6; the series says nothing of it).
   */
  record SettleUnreferenced() implements Act {}

  /**
   * The last put goes on without waiting for the rest, which a worker does: the put may come from
   * any context, so it can take no sleeping lock (review of 2025-04).
   */
  record DeferToWorker() implements Act {}

  /**
   * The page becomes private, and its callback is gone (kvm_gmem_handle_folio_put).
   *
   * @param ifRegistered asks only for the callback; otherwise also whether nobody refers to it, as
   *     another conversion may have registered the callback anew
   */
  record CompletePending(boolean ifRegistered) implements Act {
    public CompletePending() {
      this(false);
    }
  }

  /** KVM asks the inode to agree, and waits (RFC v1 patch 29). */
  record AskInode() implements Act {}

  /**
   * Takes the folios of the range out of the page cache (truncate_inode_pages_range). Model: all
   * together, once none is locked; the kernel goes folio by folio.
   */
  record RemovePages() implements Act {}

  // Host faults.

  /** Refuses with SIGBUS if the page is private (kvm_gmem_fault_user_mapping). */
  record RefusePrivate() implements Act {}

  /** Refuses with EFAULT if the page is nobody's (kvm_slot_gmem_is_guest_mappable). */
  record RefusePending() implements Act {}

  /** Refuses with SIGBUS if host faults are forbidden (RFC v1 patch 27). */
  record RefuseForbidden() implements Act {}

  /**
   * Finds or allocates the folio, takes a reference and its lock; waits for the lock.
   *
   * @param batched a new folio goes to the LRU by way of the CPU's batch, which has a reference on
   *     it until it is drained (folio_add_lru). Model: a caller runs on a CPU of its own, whose
   *     batch never fills up; not batched, nothing is ever left in a batch
   */
  record GetFolio(boolean batched) implements Act {
    public GetFolio() {
      this(false);
    }
  }

  /** Zeroes the page if no one has used it yet, and marks it up to date. */
  record ZeroIfNew() implements Act {}

  /**
   * Installs the page table entry; the fault's reference becomes the mapping's; unlocks the folio.
   */
  record MapPage() implements Act {}

  // get_user_pages.

  /** Reads the page table without a lock (gup_fast_pte_range); not mapped: go on at fault-in. */
  record ReadMapping() implements Act {}

  /** Takes a reference on what was read (try_grab_folio_fast). */
  record TakeReference() implements Act {}

  /** Reads the page table again; changed: put the reference and go on at fault-in. */
  record ReadMappingAgain() implements Act {}

  /** Lets a host fault bring in what is not mapped (faultin_page); refused: EFAULT. */
  record FaultIn() implements Act {}

  /**
   * Under the page table lock, reads the entry and takes a reference (follow_page_pte); not mapped:
   * back to fault-in.
   */
  record TakeMapped() implements Act {}

  // Guest faults.

  /** Notes where the count of invalidations stands (fault-&gt;mmu_seq). */
  record SnapshotInvalidations() implements Act {}

  /**
   * Reads the attribute without a lock (kvm_mem_is_private).
   *
   * @param ofInode from the inode; otherwise from the VM's own attributes
   */
  record ReadAttribute(boolean ofInode) implements Act {}

  /** Leaves with a memory fault exit if the access wished for another view. */
  record CompareView() implements Act {}

  /**
   * Gets the page with a reference.
   *
   * @param shared whether a shared fault is served from the file (kvm_gmem_get_pfn) or through the
   *     user address (hva_to_pfn), which leaves a host page table entry behind
   */
  record GetPage(SharedPages shared) implements Act {}

  /**
   * Puts the page and begins again if the fault is stale: an invalidation of the VM ended since the
   * snapshot, or one is under way over this page (is_page_fault_stale).
   */
  record CheckStale() implements Act {}

  /** Installs the guest mapping; one that the trust anchor checks is given to it first. */
  record InstallMapping() implements Act {}

  /**
   * Tells the platform about the pages, by the mode's {@link Moment}: in get-page
   * kvm_arch_gmem_make_private, in a conversion to shared the hook of v8's patch 15, where pages
   * leave the page cache kvm_arch_gmem_reclaim. In a mode that has nothing for the moment it is not
   * there. If the platform refuses the operation fails, a host fault with SIGBUS.
   */
  record TellAnchor() implements Act {}

  /** Where the act can be told to work. */
  default boolean fits(Site site) {
    return switch (this) {
      case DoneIfUnchanged _,
          Preallocate _,
          InvalidateGuestBegin _,
          InvalidateGuestEnd _,
          StoreAttributes _ ->
          true;
      case UnmapHost _,
          ConvertPageByPage _,
          DrainBatches _,
          CheckReferences _,
          CheckMappedOrPinned _,
          ForbidHostFaults _,
          AllowHostFaults _,
          ClearUptodate _,
          TellMappable _,
          ListDifferences _,
          StoreItems _,
          RollBackItems _,
          ClearMappable _,
          RegisterCallbacks _,
          PutFolios _,
          WaitForCallbacks _,
          CancelCallbacks _,
          SettleUnreferenced _,
          DeferToWorker _,
          CompletePending _,
          RemovePages _,
          RefusePrivate _,
          RefusePending _,
          RefuseForbidden _,
          GetFolio _,
          ZeroIfNew _,
          MapPage _,
          ReadMapping _,
          TakeReference _,
          ReadMappingAgain _,
          FaultIn _,
          TakeMapped _,
          TellAnchor _ ->
          site == Site.GMEM;
      case AskInode _,
          SnapshotInvalidations _,
          ReadAttribute _,
          CompareView _,
          GetPage _,
          CheckStale _,
          InstallMapping _ ->
          site == Site.KVM;
    };
  }

  /** The act's name in revision files, ladders and reasons. */
  default String word() {
    return word(getClass());
  }

  /** The name of a kind of act. */
  static String word(Class<? extends Act> act) {
    StringBuilder word = new StringBuilder();
    for (char c : act.getSimpleName().toCharArray()) {
      if (Character.isUpperCase(c) && !word.isEmpty()) {
        word.append('-');
      }
      word.append(Character.toLowerCase(c));
    }
    return word.toString();
  }
}
