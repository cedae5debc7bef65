package dev.faultline.protocol.message;

/** ioctls on the VM, by a process that has it open. */
public sealed interface ProcessToKvm extends ToKvm {

  /**
   * KVM_SET_MEMORY_ATTRIBUTES.
   *
   * @param address guest physical, bytes
   */
  record SetMemoryAttributes(long address, long sizeBytes, View target) implements ProcessToKvm {}
}
