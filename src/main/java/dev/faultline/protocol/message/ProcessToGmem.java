package dev.faultline.protocol.message;

/**
 * System calls on a gmem file, by a process that has it open: the VMM, or a further one of a
 * script. Each is answered by {@link GmemToProcess.Returned}.
 */
public sealed interface ProcessToGmem extends ToGmem {

  /**
   * KVM_SET_MEMORY_ATTRIBUTES2 on the gmem file (in-place conversion, v8, patch 13:
   * __kvm_gmem_set_attributes). It converts to {@code target} by the revision's list of acts.
   *
   * <p>Refused with ENOTTY where the revision converts by another call; with the errno of the
   * revision's argument checks (v8: EINVAL) if the range is empty, wraps, is not page-aligned or
   * lies beyond the file; with ENOMEM if a preallocation fails; with the errno of the revision's
   * reference check (v8: EAGAIN) while pages are in use.
   *
   * @param offsetBytes where in the file, unsigned
   * @param sizeBytes how much, unsigned
   */
  record SetMemoryAttributes2(long offsetBytes, long sizeBytes, View target)
      implements ProcessToGmem {}

  /**
   * KVM_GMEM_CONVERT_SHARED or KVM_GMEM_CONVERT_PRIVATE on the gmem file (1G page support, RFC v2,
   * patch 2: kvm_gmem_convert_range). It converts to {@code target} by the revision's list of acts.
   *
   * <p>Refused with ENOTTY where the revision converts by another call; with the errno of the
   * revision's argument checks (RFC v2: EINVAL) if error_offset is not 0, or the range wraps, is
   * not page-aligned or lies beyond the file; an empty range succeeds there; with ENOMEM or EAGAIN
   * as the revision's acts do.
   *
   * @param offsetBytes where in the file, unsigned
   * @param sizeBytes how much, unsigned
   * @param errorOffset what the caller has left in error_offset
   */
  record Convert(long offsetBytes, long sizeBytes, long errorOffset, View target)
      implements ProcessToGmem {}

  /**
   * fallocate with FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE (virt/kvm/guest_memfd.c,
   * kvm_gmem_punch_hole). A hole beyond the end of the file succeeds and does nothing.
   *
   * <p>Refused with EINVAL if the offset is negative, the size is not positive, or either is not
   * page-aligned.
   *
   * @param offsetBytes where in the file
   * @param sizeBytes how much
   */
  record PunchHole(long offsetBytes, long sizeBytes) implements ProcessToGmem {}

  /**
   * fallocate with FALLOC_FL_KEEP_SIZE (virt/kvm/guest_memfd.c, kvm_gmem_allocate).
   *
   * <p>Refused with EINVAL beyond the end of the file; with EINTR where a signal is pending in
   * front of a page: the pages before it stay allocated, and the call is not made again by the
   * kernel.
   */
  record Allocate(long offsetBytes, long sizeBytes) implements ProcessToGmem {}

  /**
   * Whether the kernel allows a page to be mapped: Loaded with 1 if it does, otherwise with 0, by
   * the revision's query-mappable. Model: no posted series has this call; the review of RFC v1,
   * patch 26, of 2024-10 asks whether one is needed.
   *
   * <p>Refused with ENOTTY where the revision has no query-mappable, with EINVAL if the offset is
   * not page-aligned or lies beyond the file.
   *
   * @param offsetBytes where in the file, unsigned
   */
  record QueryMappable(long offsetBytes) implements ProcessToGmem {}

  /**
   * Give a blocked conversion up and allow faults again; {@link GmemToProcess.Unblocked} will not
   * come for it. Model: our reading of the review of RFC v1, patch 26, of 2024-10-17; no posted
   * series has this call.
   *
   * <p>Refused with ENOTTY where the revision has no cancel-conversion, and by the argument checks
   * as {@link SetMemoryAttributes2}.
   *
   * @param offsetBytes where in the file, unsigned
   * @param sizeBytes how much, unsigned
   */
  record CancelConversion(long offsetBytes, long sizeBytes) implements ProcessToGmem {}
}
