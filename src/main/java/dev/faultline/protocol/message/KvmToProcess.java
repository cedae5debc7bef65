package dev.faultline.protocol.message;

/** What ioctls on the VM return. */
public sealed interface KvmToProcess extends ToVmm, ToHostIo {

  /**
   * KVM_SET_MEMORY_ATTRIBUTES returned.
   *
   * @param result Ok, or Failed with the errno that {@link ProcessToKvm.SetMemoryAttributes} states
   */
  record AttributesSet(Result result) implements KvmToProcess {}
}
