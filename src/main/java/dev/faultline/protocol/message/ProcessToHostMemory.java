package dev.faultline.protocol.message;

import dev.faultline.protocol.memory.GfnRange;

/**
 * What happens to the address space of a process: loads and stores of its threads, system calls on
 * its mappings, get_user_pages by kernel code on its behalf.
 *
 * <p>Addresses are those of the guest memory that is mapped there: user address = base + gpa.
 */
public sealed interface ProcessToHostMemory extends ToHostMemory {

  /** A thread loads or stores. */
  record Touch(GfnRange range, Access access) implements ProcessToHostMemory {}

  /** madvise(MADV_DONTNEED): the page tables of the range go, the mapping stays. */
  record Unmap(GfnRange range) implements ProcessToHostMemory {}

  /**
   * get_user_pages.
   *
   * @param fast try without locks first (get_user_pages_fast)
   */
  record GetUserPages(GfnRange range, boolean fast, Foll foll) implements ProcessToHostMemory {}

  /** The process ended: its mappings go (exit_mmap). */
  record Exit() implements ProcessToHostMemory {}
}
