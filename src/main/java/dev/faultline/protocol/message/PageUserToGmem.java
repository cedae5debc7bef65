package dev.faultline.protocol.message;

import dev.faultline.protocol.memory.PfnRange;
import java.util.List;

/** What a holder of pages does with them: IOMMU, io_uring, O_DIRECT. */
public sealed interface PageUserToGmem extends ToGmem {

  /** Read or write the bytes of a frame, past all page tables. */
  record Transfer(PfnRange page, Access access) implements PageUserToGmem {}

  /** unpin_user_pages. */
  record PutPages(List<PfnRange> pages) implements PageUserToGmem {
    public PutPages {
      pages = List.copyOf(pages);
    }
  }
}
