package dev.faultline.protocol.message;

/** What a process learns of an access or a call on its address space. */
public sealed interface HostMemoryToProcess extends ToVmm, ToHostIo {

  /**
   * The load or store ended; a fault ends in the inode, which answers itself.
   *
   * @param result Loaded or Ok; Sigbus if the fault was refused; Failed with EFAULT if not all of
   *     the range is mapped
   */
  record Touched(Result result) implements HostMemoryToProcess {}

  /**
   * The range is in no page table of the process any more; the inode tells the address space, which
   * tells whoever called.
   */
  record Unmapped() implements HostMemoryToProcess, ToHostMemory {}
}
