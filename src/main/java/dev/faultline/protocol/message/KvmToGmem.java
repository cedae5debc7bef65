package dev.faultline.protocol.message;

import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.IndexRange;
import dev.faultline.protocol.memory.PfnRange;
import java.util.List;

/** What KVM asks of a gmem inode. */
public sealed interface KvmToGmem extends ToGmem {

  /**
   * The inode's attribute of the range, without any lock (v8 patch 12: kvm_gmem_is_private). Sent
   * by a guest fault at read-attribute; never refused, answered by {@link GmemToKvm.AttributeRead}
   * at once.
   */
  record ReadAttribute(IndexRange range) implements KvmToGmem {}

  /**
   * kvm_gmem_get_pfn (virt/kvm/guest_memfd.c), by a guest fault at get-page whose page comes from
   * the inode. Answered by {@link PagesAnswer}: Got, or NotGot if an act of the revision's get-page
   * refuses, with that act's errno, EFAULT where it has none.
   */
  record GetPage(IndexRange range) implements KvmToGmem {}

  /**
   * A guest fault drops its references: after the mapping is installed, on a retry, or before it
   * leaves with an error (put_page). Answered by {@link PagesAnswer.Put}, before which the CPU does
   * nothing else; ignored, and answered, if one of the pages is not referenced.
   */
  record PutPage(List<PfnRange> pages) implements KvmToGmem {
    public PutPage {
      pages = List.copyOf(pages);
    }
  }

  /**
   * The bytes of a guest access that found its mapping. Never refused; answered by {@link
   * PagesAnswer.Transferred}, for which invalidations in KVM wait.
   */
  record Transfer(PfnRange pages, Access access) implements KvmToGmem {}

  /**
   * Let the inode agree to a change of the VM's attributes, by the revision's agree (RFC v1, patch
   * 29: kvm_gmem_should_set_attributes). Sent by KVM_SET_MEMORY_ATTRIBUTES at ask-inode; answered
   * by {@link GmemToKvm.Agreed}.
   */
  record AgreeToAttributes(IndexRange range, View target) implements KvmToGmem {}

  /**
   * KVM itself destroyed frames while changing its attributes, without an inode's invalidation.
   * Answered by {@link GmemToKvm.Noted}. Model: no call of the kernel; the bytes are kept by the
   * inode here.
   *
   * @param destroyed the frames that the trust anchor took the content of
   * @param range where the guest had them
   */
  record ContentDestroyed(List<PfnRange> destroyed, GfnRange range) implements KvmToGmem {
    public ContentDestroyed {
      destroyed = List.copyOf(destroyed);
    }
  }
}
