package dev.faultline.protocol.message;

import dev.faultline.protocol.memory.IndexRange;
import java.util.List;

/** What a gmem inode tells a VM that has bound it. */
public sealed interface GmemToKvm extends ToKvm {

  /**
   * Answers {@link KvmToGmem.ReadAttribute}: the attribute as the unlocked read found it; it may be
   * old when it arrives.
   *
   * @param range the first pages of what was asked for, as far as they have the same attribute
   */
  record AttributeRead(IndexRange range, View view) implements GmemToKvm {}

  /**
   * kvm_gmem_invalidate_begin (virt/kvm/guest_memfd.c): raise the VM's count, zap, flush. Sent by
   * conversions and punched holes to each VM that has bound pages of the range; answered by {@link
   * InvalidationAnswer.Begun} once every access under way is done.
   *
   * @param range the pages of the file, as far as they are bound
   * @param kinds which mappings to zap
   */
  record InvalidateBegin(IndexRange range, List<View> kinds) implements GmemToKvm {
    public InvalidateBegin {
      kinds = List.copyOf(kinds);
    }
  }

  /**
   * kvm_gmem_invalidate_end (virt/kvm/guest_memfd.c). Answered by {@link InvalidationAnswer.Ended}.
   * If no invalidation is under way the VM dies with EIO: KVM_BUG_ON in kvm_mmu_invalidate_end.
   */
  record InvalidateEnd(IndexRange range) implements GmemToKvm {}

  /**
   * Answers {@link KvmToGmem.AgreeToAttributes}.
   *
   * @param result Ok, or Failed with the errno of the check that refused
   */
  record Agreed(Result result) implements GmemToKvm {}

  /** Answers {@link KvmToGmem.ContentDestroyed}: the inode has taken note of destroyed content. */
  record Noted() implements GmemToKvm {}
}
