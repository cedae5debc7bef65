package dev.faultline.protocol.message;

import dev.faultline.protocol.memory.GfnRange;

/**
 * What happens to the address space of a process: loads and stores of its threads, system calls on
 * its mappings, get_user_pages by kernel code on its behalf.
 *
 * <p>Addresses are those of the guest memory that is mapped there: user address = base + gpa.
 */
public sealed interface ProcessToHostMemory extends ToHostMemory {

  /**
   * A thread loads or stores. Answered by {@link HostMemoryToProcess.Touched}: Loaded, Ok, Sigbus,
   * or EFAULT if not all of the range is mapped. Model: the kernel would send SIGSEGV there.
   */
  record Touch(GfnRange range, Access access) implements ProcessToHostMemory {}

  /**
   * madvise(MADV_DONTNEED): the page table entries of the range go, the mapping stays. Answered by
   * {@link HostMemoryToProcess.Unmapped}, which also comes, with nothing done, if not all of the
   * range is mapped; the outcome of that step is EFAULT.
   */
  record Unmap(GfnRange range) implements ProcessToHostMemory {}

  /**
   * get_user_pages (mm/gup.c), by kernel code on behalf of the process: VFIO's MAP_DMA, io_uring,
   * O_DIRECT, and KVM where it finds shared pages through the VMM's mapping (hva_to_pfn).
   *
   * <p>Answered by {@link PagesAnswer}: Got, or NotGot with EFAULT if not all of the range is
   * mapped or a page cannot be faulted in.
   *
   * @param fast try without locks first (get_user_pages_fast)
   * @param foll how each page is held
   */
  record GetUserPages(GfnRange range, boolean fast, Foll foll) implements ProcessToHostMemory {}

  /**
   * The process ended: its mappings go (mm/mmap.c, exit_mmap). Not answered; ignored if it ended
   * before.
   */
  record Exit() implements ProcessToHostMemory {}
}
