package dev.faultline.protocol.message;

/** What a process learns of an access or a call on its address space. */
public sealed interface HostMemoryToProcess extends ToVmm, ToHostIo {

  /** The load or store ended. */
  record Touched(Result result) implements HostMemoryToProcess {}

  /**
   * The range is in no page table of the process any more; the inode tells the address space, which
   * tells whoever called.
   */
  record Unmapped() implements HostMemoryToProcess, ToHostMemory {}
}
