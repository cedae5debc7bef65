package dev.faultline.protocol.message;

import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.IndexRange;
import dev.faultline.protocol.memory.PfnRange;
import java.util.List;

/** What KVM asks of a gmem inode. */
public sealed interface KvmToGmem extends ToGmem {

  /** The inode's attribute of the range, without any lock (kvm_gmem_is_private). */
  record ReadAttribute(IndexRange range) implements KvmToGmem {}

  /** kvm_gmem_get_pfn, for a private or a shared fault. */
  record GetPage(IndexRange range) implements KvmToGmem {}

  /** The fault's reference is dropped: after the mapping is installed, or on a retry. */
  record PutPage(List<PfnRange> pages) implements KvmToGmem {
    public PutPage {
      pages = List.copyOf(pages);
    }
  }

  /**
   * The bytes of a guest access that found its mapping. The answer goes back to KVM, whose
   * invalidations wait for it.
   */
  record Transfer(PfnRange pages, Access access) implements KvmToGmem {}

  /**
   * Let the inode agree to a change of the VM's attributes (RFC v1, patch 29:
   * kvm_gmem_should_set_attributes).
   */
  record AgreeToAttributes(IndexRange range, View target) implements KvmToGmem {}

  /** KVM itself destroyed frames while changing its attributes, without an inode's invalidation. */
  record ContentDestroyed(List<PfnRange> destroyed, GfnRange range) implements KvmToGmem {
    public ContentDestroyed {
      destroyed = List.copyOf(destroyed);
    }
  }
}
