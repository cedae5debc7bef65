package dev.faultline.protocol.message;

import dev.faultline.protocol.memory.Errno;
import dev.faultline.protocol.memory.GfnRange;
import java.util.Optional;

/** What a VMM asks of KVM. */
public sealed interface VmmToKvm extends ToKvm {

  /**
   * KVM_RUN again, after an exit.
   *
   * @param hypercallRet run-&gt;hypercall.ret: empty for 0
   */
  record Run(PartyId vcpu, Optional<Errno> hypercallRet) implements VmmToKvm {}

  /**
   * A memslot goes, or its file: the guest's mappings of its frames go with it
   * (kvm_arch_flush_shadow_memslot). Model: at once, so only where no vCPU is in the guest.
   */
  record FlushSlot(GfnRange gfns) implements VmmToKvm {}

  /** The VMM will not run this vCPU again: it stopped the VM. */
  record Stop(PartyId vcpu) implements VmmToKvm {}

  /**
   * The VMM's process ended: none of its vCPUs runs any more. Model: its files are not released, so
   * the memory stays with the inode.
   */
  record ProcessEnded() implements VmmToKvm {}
}
