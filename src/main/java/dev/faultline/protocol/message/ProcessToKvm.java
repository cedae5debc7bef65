package dev.faultline.protocol.message;

/** ioctls on the VM, by a process that has it open. */
public sealed interface ProcessToKvm extends ToKvm {

  /**
   * KVM_SET_MEMORY_ATTRIBUTES (virt/kvm/kvm_main.c, kvm_vm_set_mem_attributes). Answered by {@link
   * KvmToProcess.AttributesSet}.
   *
   * <p>Refused with EIO by a dead VM; with EINVAL for private where the attributes are the file's;
   * with the errno of the revision's argument checks (RFC v1: EINVAL) if the range is empty, wraps
   * or is not page-aligned; with ENOMEM if a preallocation fails; with the inode's errno if that
   * does not agree.
   *
   * @param address guest physical, bytes, unsigned
   * @param sizeBytes how much, unsigned
   */
  record SetMemoryAttributes(long address, long sizeBytes, View target) implements ProcessToKvm {}
}
