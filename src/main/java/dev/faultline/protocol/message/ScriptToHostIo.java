package dev.faultline.protocol.message;

import dev.faultline.protocol.memory.GfnRange;

/**
 * An operation that a script lets a host user of guest memory do; answered by {@link
 * ToScript.Answered}, with the errno of the call that it makes if it fails. A dead process answers
 * Died; ignored while another operation is under way.
 */
public sealed interface ScriptToHostIo extends ToHostIo {

  /** A thread loads or stores through its process's mapping. */
  record Touch(GfnRange range, Access access) implements ScriptToHostIo {}

  /** A thread gives its process's page tables up: madvise(MADV_DONTNEED). */
  record Unmap(GfnRange range) implements ScriptToHostIo {}

  /**
   * A thread calls the conversion ioctl of the revision once, with the file that its process has
   * open.
   *
   * @param offsetBytes as given to the ioctl
   * @param sizeBytes as given to the ioctl
   */
  record SetAttributes(long offsetBytes, long sizeBytes, View target) implements ScriptToHostIo {}

  /** A thread punches a hole into the file. */
  record PunchHole(GfnRange range) implements ScriptToHostIo {}

  /** A device wants a range mapped for DMA; the VMM does it. */
  record MapDma(GfnRange range) implements ScriptToHostIo {}

  /** A device wants a range unmapped. */
  record UnmapDma(GfnRange range) implements ScriptToHostIo {}

  /** A device reads or writes by DMA. */
  record Dma(GfnRange range, Access access) implements ScriptToHostIo {}

  /**
   * Pin pages and keep them: io_uring's IORING_REGISTER_BUFFERS, or the start of an O_DIRECT
   * transfer: by pin_user_pages_fast.
   */
  record Pin(GfnRange range) implements ScriptToHostIo {}

  /**
   * The same by pin_user_pages_remote, as VFIO pins: under mmap_lock, page by page through the page
   * table's lock, without a first look at the page table that takes no lock.
   */
  record PinSlow(GfnRange range) implements ScriptToHostIo {}

  /**
   * Transfer a byte through the pinned pages, without any page table. EINVAL if not all of the
   * range is pinned by this user, in frames that follow on.
   */
  record Transfer(GfnRange range, Access access) implements ScriptToHostIo {}

  /**
   * Give all pinned pages of the range back: unregister, or the end of an O_DIRECT transfer. EINVAL
   * if nothing of the range is pinned by this user.
   */
  record Unpin(GfnRange range) implements ScriptToHostIo {}

  /**
   * Close the io_uring with its buffers still registered. The call returns before the pages are
   * given back (io_ring_ctx_wait_and_kill queues io_ring_exit_work); EBADF, as of every further
   * operation, if it is closed already.
   */
  record CloseRing() implements ScriptToHostIo {}
}
