package dev.faultline.protocol.message;

import dev.faultline.protocol.memory.GfnRange;

/**
 * An operation that a script lets a VMM do of its own; answered by {@link ToScript.Answered}. A
 * dead VMM answers Died.
 */
public sealed interface ScriptToVmm extends ToVmm {

  /** Convert a range by the VMM's own procedure, as if a guest had asked. */
  record Convert(GfnRange range, View target) implements ScriptToVmm {}

  /** Bring a range to the view that a scenario states at first, and write it down. */
  record SetFirstView(GfnRange range, View view) implements ScriptToVmm {}

  /**
   * One conversion call of the revision, without procedure and retry.
   *
   * @param offsetBytes as given to the ioctl
   * @param sizeBytes as given to the ioctl
   */
  record SetAttributes(long offsetBytes, long sizeBytes, View target) implements ScriptToVmm {}

  /**
   * The same with something left in error_offset, where the revision's call has it as an argument;
   * otherwise as {@link SetAttributes}.
   *
   * @param offsetBytes as given to the ioctl
   * @param sizeBytes as given to the ioctl
   * @param errorOffset as given to the ioctl
   */
  record SetAttributesWith(long offsetBytes, long sizeBytes, long errorOffset, View target)
      implements ScriptToVmm {}

  /** Ask whether a page may be mapped. */
  record QueryMappable(GfnRange page) implements ScriptToVmm {}

  /** fallocate(FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE) on the gmem file. */
  record PunchHole(GfnRange range) implements ScriptToVmm {}

  /** fallocate(FALLOC_FL_KEEP_SIZE) on the gmem file. */
  record Allocate(GfnRange range) implements ScriptToVmm {}

  /** A load or store through the VMM's own mapping. */
  record Touch(GfnRange range, Access access) implements ScriptToVmm {}

  /** madvise(MADV_DONTNEED) on the VMM's own mapping. */
  record Unmap(GfnRange range) implements ScriptToVmm {}
}
