package dev.faultline.protocol.message;

import dev.faultline.protocol.memory.Errno;
import dev.faultline.protocol.memory.GfnRange;
import java.util.Optional;

/** What a VMM asks of KVM. */
public sealed interface VmmToKvm extends ToKvm {

  /**
   * KVM_RUN again, after an exit. Ignored for a vCPU that is not out of the guest. Not answered as
   * such: the vCPU goes on, or {@link KvmToVmm} tells of its next exit.
   *
   * @param hypercallRet run-&gt;hypercall.ret, as a positive errno: empty for 0; one that is
   *     neither EAGAIN nor EINVAL makes KVM_RUN fail with EINVAL (tdx_complete_vmcall_map_gpa)
   */
  record Run(PartyId vcpu, Optional<Errno> hypercallRet) implements VmmToKvm {}

  /**
   * A memslot goes, or its file: the guest's mappings of its frames go with it
   * (kvm_arch_flush_shadow_memslot). Model: at once, so only where no vCPU is in the guest.
   */
  record FlushSlot(GfnRange gfns) implements VmmToKvm {}

  /**
   * The VMM will not run this vCPU again: it stopped the VM. The vCPU hears {@link
   * KvmToGuest.Stopped}; ignored if it is not out of the guest. Model: no call of the kernel; the
   * thread just stays away.
   */
  record Stop(PartyId vcpu) implements VmmToKvm {}

  /**
   * KVM_RUN left with an access that cannot be served, and the VMM lets the guest go on behind it:
   * it moves the instruction pointer (KVM_SET_REGS) and runs the vCPU, which hears {@link
   * KvmToGuest.Touched} with what KVM_RUN said. A vCPU of a dead VM hears {@link
   * KvmToGuest.Stopped}; ignored for one that is not out of the guest for an access.
   */
  record Skip(PartyId vcpu) implements VmmToKvm {}

  /**
   * The VMM's process ended: none of its vCPUs runs any more, and the VM answers EIO to everyone.
   * Not answered. Model: its files are not released, so the memory stays with the inode.
   */
  record ProcessEnded() implements VmmToKvm {}
}
