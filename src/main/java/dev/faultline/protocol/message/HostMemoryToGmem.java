package dev.faultline.protocol.message;

import dev.faultline.protocol.memory.IndexRange;

/**
 * What falls on a gmem file out of an address space. The inode answers the caller itself.
 *
 * <p>Model: the address space does not hold mmap_lock until the answer; nothing that changes
 * mappings can come in between.
 */
public sealed interface HostMemoryToGmem extends ToGmem {

  /**
   * A load or store at pages of the file. It is done at once where the page table has all of the
   * range; otherwise it starts a fault (virt/kvm/guest_memfd.c, kvm_gmem_fault_user_mapping) by the
   * revision's host-fault.
   *
   * <p>Answered by {@link HostMemoryToProcess.Touched}: Loaded or Ok, Sigbus if the fault is
   * refused.
   *
   * @param memory whose page table is walked
   * @param caller whom the inode answers
   */
  record Touch(PartyId memory, IndexRange range, Access access, Endpoint caller)
      implements HostMemoryToGmem {}

  /**
   * Remove the page table entries that this address space has for the range (mm/madvise.c,
   * MADV_DONTNEED). Never refused; answered by {@link HostMemoryToProcess.Unmapped}.
   *
   * @param caller whom the inode answers
   */
  record Zap(PartyId memory, IndexRange range, Endpoint caller) implements HostMemoryToGmem {}

  /**
   * get_user_pages on the file's pages through this address space (mm/gup.c), by the revision's
   * get-user-pages or get-user-pages-fast.
   *
   * <p>Answered by {@link PagesAnswer}: Got, or NotGot with EFAULT if a page cannot be faulted in.
   *
   * @param fast without locks first (get_user_pages_fast)
   * @param caller whom the inode answers
   */
  record GetUserPages(PartyId memory, IndexRange range, boolean fast, Foll foll, Endpoint caller)
      implements HostMemoryToGmem {}

  /**
   * The address space is gone: all its page table entries for the file go (mm/mmap.c, exit_mmap).
   * Not answered.
   */
  record ExitMmap(PartyId memory) implements HostMemoryToGmem {}
}
