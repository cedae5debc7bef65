package dev.faultline.protocol.message;

import dev.faultline.protocol.memory.Errno;
import dev.faultline.protocol.memory.IndexRange;
import dev.faultline.protocol.memory.PfnRange;
import java.util.List;

/**
 * What kernel code that asked for pages gets from the inode, or from an address space that maps no
 * file there.
 */
public sealed interface PagesAnswer extends ToKvm, ToIommu, ToHostIo {

  /**
   * The pages, each with a reference that the receiver has to give back.
   *
   * @param range the pages of the file that were asked for
   * @param pages the frames, in the order of the range
   */
  record Got(IndexRange range, List<PfnRange> pages) implements PagesAnswer {
    public Got {
      pages = List.copyOf(pages);
    }
  }

  /**
   * No pages; nothing is referenced.
   *
   * @param errno EFAULT from get_user_pages; from kvm_gmem_get_pfn that of the act that refused
   */
  record NotGot(Errno errno) implements PagesAnswer {}

  /**
   * A transfer has ended.
   *
   * @param result Loaded for a load, otherwise Ok; Failed where the trust anchor keeps the page
   *     from the host
   */
  record Transferred(Result result) implements PagesAnswer {}

  /** The references are given back. */
  record Put() implements PagesAnswer {}
}
