package dev.faultline.protocol.message;

import dev.faultline.protocol.memory.GfnRange;

/**
 * What the MMU notifier of an address space tells a VM whose memslots lie in it. Only shared
 * mappings of the guest hang on user addresses (KVM_FILTER_SHARED).
 */
public sealed interface HostMemoryToKvm extends ToKvm {

  /** mmu_notifier_invalidate_range_start: raise the VM's count, zap, flush. */
  record InvalidateRangeStart(GfnRange range) implements HostMemoryToKvm {}

  /** mmu_notifier_invalidate_range_end. */
  record InvalidateRangeEnd(GfnRange range) implements HostMemoryToKvm {}
}
