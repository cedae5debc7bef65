package dev.faultline.protocol.message;

import dev.faultline.protocol.memory.IndexRange;
import java.util.List;

/** What a gmem inode tells a VM that has bound it. */
public sealed interface GmemToKvm extends ToKvm {

  /**
   * The attribute as the unlocked read found it; it may be old when it arrives.
   *
   * @param range the first pages of what was asked for, as far as they have the same attribute
   */
  record AttributeRead(IndexRange range, View view) implements GmemToKvm {}

  /**
   * kvm_gmem_invalidate_begin: raise the VM's count, zap, flush.
   *
   * @param range the pages of the file
   * @param kinds which mappings to zap
   */
  record InvalidateBegin(IndexRange range, List<View> kinds) implements GmemToKvm {
    public InvalidateBegin {
      kinds = List.copyOf(kinds);
    }
  }

  /** kvm_gmem_invalidate_end. */
  record InvalidateEnd(IndexRange range) implements GmemToKvm {}

  /** Whether the inode agrees to a change of the VM's attributes. */
  record Agreed(Result result) implements GmemToKvm {}

  /** The inode has taken note of destroyed content. */
  record Noted() implements GmemToKvm {}
}
