package dev.faultline.protocol.message;

import dev.faultline.protocol.memory.GfnRange;

/** What a vCPU does that KVM, or the MMU it programs, sees. */
public sealed interface GuestToKvm extends ToKvm {

  /**
   * A memory access: a load, a store, or an instruction of the guest to the trust anchor. Where
   * there is no mapping it is a fault (arch/x86/kvm/mmu/mmu.c, kvm_tdp_page_fault) by the
   * revision's guest-fault, which may exit to the VMM.
   *
   * <p>Answered by {@link KvmToGuest.Touched}, or by {@link KvmToGuest.Stopped} if the vCPU is not
   * run again or the VM is dead. Ignored from a vCPU that is not in the guest.
   *
   * @param range one page for a load or store; for an instruction the pages of the range, in one
   *     message. Model: the kernel gives it for 4 KiB or 2 MiB at a time
   * @param view how the guest addresses it
   */
  record Touch(GfnRange range, View view, Access access) implements GuestToKvm {}

  /**
   * TDG.VP.VMCALL&lt;MapGPA&gt; (arch/x86/kvm/vmx/tdx.c, tdx_map_gpa); in SNP a page state change
   * (arch/x86/kvm/svm/sev.c, snp_begin_psc: the entries of a buffer that follow one another, or
   * snp_begin_psc_msr: a page); in pKVM a hypercall that EL2 lets the host know of.
   *
   * <p>Answered by {@link KvmToGuest.MapGpaReturned}; INVALID_OPERAND for a range that is empty,
   * wraps, lies beyond the mode's address width or is longer than a request can be, ALIGN_ERROR for
   * one that is not page-aligned, otherwise when the VMM has done every piece or failed at one.
   *
   * @param gpa R12 without the shared bit, bytes
   * @param sizeBytes R13
   * @param target what the shared bit of R12 asks for
   */
  record MapGpa(long gpa, long sizeBytes, View target) implements GuestToKvm {}
}
