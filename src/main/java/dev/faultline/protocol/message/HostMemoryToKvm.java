package dev.faultline.protocol.message;

import dev.faultline.protocol.memory.GfnRange;

/**
 * What the MMU notifier of an address space tells a VM whose memslots lie in it
 * (virt/kvm/kvm_main.c), when the VMM unmaps and the guest's shared pages are found through its
 * mapping. Only shared mappings of the guest hang on user addresses (KVM_FILTER_SHARED).
 */
public sealed interface HostMemoryToKvm extends ToKvm {

  /**
   * mmu_notifier_invalidate_range_start: raise the VM's count, zap, flush. Answered by {@link
   * InvalidationAnswer.Begun} once every access under way is done.
   */
  record InvalidateRangeStart(GfnRange range) implements HostMemoryToKvm {}

  /**
   * mmu_notifier_invalidate_range_end. Answered by {@link InvalidationAnswer.Ended}. If no
   * invalidation is under way the VM dies with EIO: KVM_BUG_ON in kvm_mmu_invalidate_end.
   */
  record InvalidateRangeEnd(GfnRange range) implements HostMemoryToKvm {}
}
