package dev.faultline.conform;

import java.util.OptionalInt;

/**
 * An operation of a trace: one record a word of the trace language.
 *
 * <p>A long is an unsigned number of 64 bits: 0xfffffffffffff000 is an offset. Sizes, offsets and
 * guest addresses (gpa) are bytes. A mapping, gmem file, pin or pipe is named by the order in which
 * the trace made it, from 0 since the last {@link New}; pins and pipes are counted apart.
 */
public sealed interface TraceOperation {

  /**
   * {@code new}: forget everything and create a VM with one vCPU (KVM_CREATE_VM).
   *
   * @param type 0 KVM_X86_DEFAULT_VM, 1 KVM_X86_SW_PROTECTED_VM
   */
  record New(int type) implements TraceOperation {}

  /** {@code cap}: KVM_CHECK_EXTENSION on the system. */
  record Cap(long number) implements TraceOperation {}

  /** {@code vmcap}: KVM_CHECK_EXTENSION on the VM. */
  record VmCap(long number) implements TraceOperation {}

  /** {@code enablecap}: KVM_ENABLE_CAP on the VM, with its first argument. */
  record EnableCap(long number, long argument) implements TraceOperation {}

  /**
   * {@code gmem}: KVM_CREATE_GUEST_MEMFD.
   *
   * @param flags 1 GUEST_MEMFD_FLAG_MMAP, 2 GUEST_MEMFD_FLAG_INIT_SHARED
   */
  record Gmem(long size, long flags) implements TraceOperation {}

  /**
   * {@code mmap}: map a gmem file.
   *
   * @param isPrivate MAP_PRIVATE instead of MAP_SHARED
   * @param readOnly PROT_READ alone
   */
  record Mmap(int gmem, long offset, long size, boolean isPrivate, boolean readOnly)
      implements TraceOperation {}

  /** {@code anon}: map anonymous shared memory. */
  record Anon(long size) implements TraceOperation {}

  /** {@code munmap}: take a mapping away, whole. */
  record Munmap(int mapping) implements TraceOperation {}

  /** {@code closeg}: close a gmem file. */
  record CloseGmem(int gmem) implements TraceOperation {}

  /**
   * {@code slot}: KVM_SET_USER_MEMORY_REGION2.
   *
   * @param size 0 removes the slot
   * @param flags 4 KVM_MEM_GUEST_MEMFD
   * @param gmem the guest_memfd, if one is given
   * @param mapping where userspace_addr lies, {@code mappingOffset} behind its start
   */
  record Slot(
      long id,
      long gpa,
      long size,
      long flags,
      OptionalInt gmem,
      long gmemOffset,
      OptionalInt mapping,
      long mappingOffset)
      implements TraceOperation {}

  /** {@code attr}: KVM_SET_MEMORY_ATTRIBUTES on the VM; attribute 8 is private. */
  record Attr(long gpa, long size, long attributes, long flags) implements TraceOperation {}

  /** {@code attr2}: KVM_SET_MEMORY_ATTRIBUTES2 on the gmem file. */
  record Attr2(int gmem, long offset, long size, long attributes, long flags)
      implements TraceOperation {}

  /** {@code vmattr2}: KVM_SET_MEMORY_ATTRIBUTES2 on the VM. */
  record VmAttr2(long gpa, long size, long attributes) implements TraceOperation {}

  /** {@code read}: the host loads a byte. */
  record Read(int mapping, long offset) implements TraceOperation {}

  /**
   * {@code write}: the host stores a byte.
   *
   * @param value 0..255
   */
  record Write(int mapping, long offset, int value) implements TraceOperation {}

  /**
   * {@code fill}: the host stores a byte to each page of a range, past the pages that it cannot.
   *
   * @param value 0..255
   */
  record Fill(int mapping, long offset, long size, int value) implements TraceOperation {}

  /** {@code count}: the host loads a byte of each page of a range, past those that it cannot. */
  record Count(int mapping, long offset, long size) implements TraceOperation {}

  /** {@code forkread}: a forked child loads a byte. */
  record ForkRead(int mapping, long offset) implements TraceOperation {}

  /** {@code gread}: the guest loads a byte. */
  record GuestRead(long gpa) implements TraceOperation {}

  /**
   * {@code gwrite}: the guest stores a byte.
   *
   * @param value 0..255
   */
  record GuestWrite(long gpa, int value) implements TraceOperation {}

  /** {@code ginc}: the guest increments a byte. */
  record GuestIncrement(long gpa) implements TraceOperation {}

  /** {@code ghc}: the guest makes the KVM_HC_MAP_GPA_RANGE hypercall. */
  record GuestHypercall(long gpa, long pages, long attributes) implements TraceOperation {}

  /** {@code prefault}: KVM_PRE_FAULT_MEMORY. */
  record Prefault(long gpa, long size) implements TraceOperation {}

  /** {@code punch}: fallocate, PUNCH_HOLE and KEEP_SIZE. */
  record Punch(int gmem, long offset, long size) implements TraceOperation {}

  /** {@code alloc}: fallocate, KEEP_SIZE. */
  record Alloc(int gmem, long offset, long size) implements TraceOperation {}

  /**
   * {@code falloc}: fallocate with any mode.
   *
   * @param mode as of fallocate(2)
   */
  record Falloc(int gmem, long mode, long offset, long size) implements TraceOperation {}

  /** {@code ftruncate}: set the size of a gmem file. */
  record Ftruncate(int gmem, long size) implements TraceOperation {}

  /** {@code fstat}: ask for size and blocks of a gmem file. */
  record Fstat(int gmem) implements TraceOperation {}

  /** {@code rdfd}: read from a gmem file. */
  record ReadFile(int gmem, long offset) implements TraceOperation {}

  /** {@code wrfd}: write to a gmem file. */
  record WriteFile(int gmem, long offset) implements TraceOperation {}

  /** {@code pin}: register an io_uring fixed buffer, which takes long-term pins. */
  record Pin(int mapping, long offset, long size) implements TraceOperation {}

  /** {@code unpin}: unregister the buffer; its pins are gone on return. */
  record Unpin(int pin) implements TraceOperation {}

  /** {@code unpinclose}: close the ring of the buffer; its pins go a little later. */
  record UnpinClose(int pin) implements TraceOperation {}

  /** {@code splice}: vmsplice pages into a pipe, which takes references that are no pins. */
  record Splice(int mapping, long offset, long size) implements TraceOperation {}

  /** {@code unsplice}: read out of the pipe what was spliced. */
  record Unsplice(int pipe) implements TraceOperation {}

  /**
   * {@code odirect}: an O_DIRECT transfer.
   *
   * @param intoMapping a read from the disk; otherwise a write from the mapping
   */
  record Odirect(boolean intoMapping, int mapping, long offset, long size)
      implements TraceOperation {}

  /** {@code copyin}: the kernel copies zeroes to a mapping (copy_to_user). */
  record CopyIn(int mapping, long offset, long size) implements TraceOperation {}

  /** {@code copyout}: the kernel copies from a mapping (copy_from_user). */
  record CopyOut(int mapping, long offset, long size) implements TraceOperation {}

  /** {@code pvread}: process_vm_readv of 16 bytes. */
  record PvRead(int mapping, long offset) implements TraceOperation {}

  /**
   * {@code madv}: madvise.
   *
   * @param advice as of madvise(2)
   */
  record Madvise(int mapping, long offset, long size, int advice) implements TraceOperation {}

  /** {@code mlock}. */
  record Mlock(int mapping, long offset, long size) implements TraceOperation {}

  /** {@code mincore}: how many pages of a range are resident. */
  record Mincore(int mapping, long offset, long size) implements TraceOperation {}
}
