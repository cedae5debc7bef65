package dev.faultline.protocol.message;

import dev.faultline.protocol.memory.Errno;

/**
 * What KVM_RUN returns to a VMM (arch/x86/kvm). The vCPU is out of the guest until {@link
 * VmmToKvm.Run} or {@link VmmToKvm.Stop}.
 */
public sealed interface KvmToVmm extends ToVmm {

  /**
   * KVM_EXIT_HYPERCALL with nr = KVM_HC_MAP_GPA_RANGE, one a piece of a MapGPA
   * (arch/x86/kvm/vmx/tdx.c, __tdx_map_gpa).
   *
   * @param vcpu who asked
   * @param gpa args[0], bytes, without the shared bit
   * @param pageCount args[1], 4 KiB pages, at most 512 from TDX (TDX_MAP_GPA_MAX_LEN)
   * @param target args[2]: KVM_MAP_GPA_RANGE_ENCRYPTED or _DECRYPTED
   */
  record HypercallExit(PartyId vcpu, long gpa, long pageCount, View target) implements KvmToVmm {}

  /**
   * KVM_RUN returned -1 with an errno and KVM_EXIT_MEMORY_FAULT: the access wants the other view,
   * there is no memslot, or the inode does not give the page. Model: one exit for the pages of an
   * access that fault alike; the kernel exits for each page (kvm_mmu_prepare_memory_fault_exit).
   *
   * @param errno EFAULT; the kernel also has EHWPOISON
   * @param gpa memory_fault.gpa, bytes
   * @param sizeBytes memory_fault.size
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

  /**
   * KVM_RUN returned -1 and no exit reason is valid.
   *
   * @param errno EIO or the mode's errno from a dead VM; EINVAL for a hypercall.ret that MapGPA
   *     does not know; EFAULT if a page cannot be had through the VMM's mapping (hva_to_pfn)
   */
  record RunFailed(PartyId vcpu, Errno errno) implements KvmToVmm {}
}
