package dev.faultline.protocol.message;

/** What a vCPU learns when it runs on. */
public sealed interface KvmToGuest extends ToGuest {

  /**
   * The access is done, or can never be.
   *
   * @param result Loaded or Ok; Failed if the trust anchor refused an instruction, as EEXIST for an
   *     accept of a page that is accepted already; MemoryFault, Mmio or Failed for an access that
   *     the VMM lets the guest skip
   */
  record Touched(Result result) implements KvmToGuest {}

  /**
   * MapGPA's answer (arch/x86/kvm/vmx/tdx.c, tdx_complete_vmcall_map_gpa).
   *
   * @param status R10: RETRY where the VMM answered EAGAIN, INVALID_OPERAND where it answered
   *     EINVAL; ERROR_GENERIC for both where the mode names no address; SUBFUNC_UNSUPPORTED where
   *     there is no such exit
   * @param gpa R11, bytes: first address that is not known to be done; meaningless on success
   */
  record MapGpaReturned(TdvmcallStatus status, long gpa) implements KvmToGuest {}

  /**
   * The vCPU is not run again.
   *
   * @param result MemoryFault, or Failed with the errno of KVM_RUN, if the VMM gave up an access
   *     that could not be served; otherwise VmDead
   */
  record Stopped(Result result) implements KvmToGuest {}
}
