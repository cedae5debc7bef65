package dev.faultline.protocol.message;

/** System calls on a gmem file, by a process that has it open. */
public sealed interface ProcessToGmem extends ToGmem {

  /**
   * KVM_SET_MEMORY_ATTRIBUTES2 on the gmem file (in-place conversion, v8, patch 13).
   *
   * @param offsetBytes where in the file
   */
  record SetMemoryAttributes2(long offsetBytes, long sizeBytes, View target)
      implements ProcessToGmem {}

  /** fallocate with FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE (kvm_gmem_punch_hole). */
  record PunchHole(long offsetBytes, long sizeBytes) implements ProcessToGmem {}

  /** fallocate with FALLOC_FL_KEEP_SIZE (kvm_gmem_allocate): EINVAL beyond the end of the file. */
  record Allocate(long offsetBytes, long sizeBytes) implements ProcessToGmem {}

  /**
   * Give a blocked conversion up and allow faults again. Model: our reading of the review's
   * proposal of 2024-10-17; no posted series has this call.
   */
  record CancelConversion(long offsetBytes, long sizeBytes) implements ProcessToGmem {}
}
