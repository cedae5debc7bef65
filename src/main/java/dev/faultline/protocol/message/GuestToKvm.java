package dev.faultline.protocol.message;

import dev.faultline.protocol.memory.GfnRange;

/** What a vCPU does that KVM, or the MMU it programs, sees. */
public sealed interface GuestToKvm extends ToKvm {

  /**
   * A memory access.
   *
   * @param range one page for a load or store; for an accept the pages of the range, in one
   *     message. Model: the kernel accepts 4 KiB or 2 MiB at a time
   */
  record Touch(GfnRange range, View view, Access access) implements GuestToKvm {}

  /**
   * TDG.VP.VMCALL&lt;MapGPA&gt; (arch/x86/kvm/vmx/tdx.c, tdx_map_gpa).
   *
   * @param gpa R12 without the shared bit, bytes
   * @param sizeBytes R13
   * @param target what the shared bit of R12 asks for
   */
  record MapGpa(long gpa, long sizeBytes, View target) implements GuestToKvm {}
}
