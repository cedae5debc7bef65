package dev.faultline.protocol.message;

import dev.faultline.protocol.memory.Errno;

/** What KVM_RUN returns to a VMM. */
public sealed interface KvmToVmm extends ToVmm {

  /**
   * KVM_EXIT_HYPERCALL with nr = KVM_HC_MAP_GPA_RANGE.
   *
   * @param vcpu who asked
   * @param gpa args[0], bytes, without the shared bit
   * @param pageCount args[1], at most 512 from TDX
   * @param target args[2]: KVM_MAP_GPA_RANGE_ENCRYPTED or _DECRYPTED
   */
  record HypercallExit(PartyId vcpu, long gpa, long pageCount, View target) implements KvmToVmm {}

  /**
   * KVM_RUN returned -1 with an errno and KVM_EXIT_MEMORY_FAULT. Model: one exit for the pages of
   * an access that fault alike; the kernel exits for each page (kvm_mmu_prepare_memory_fault_exit).
   *
   * @param errno EFAULT or EHWPOISON
   * @param view memory_fault.flags: what the access wished for
   */
  record MemoryFaultExit(PartyId vcpu, Errno errno, long gpa, long sizeBytes, View view)
      implements KvmToVmm {}

  /**
   * KVM_RUN returned 0 and KVM_EXIT_MMIO: a shared access to what no memslot has.
   *
   * @param gpa bytes
   * @param write it was a store
   */
  record MmioExit(PartyId vcpu, long gpa, boolean write) implements KvmToVmm {}

  /** KVM_RUN returned -1 and no exit reason is valid. */
  record RunFailed(PartyId vcpu, Errno errno) implements KvmToVmm {}
}
