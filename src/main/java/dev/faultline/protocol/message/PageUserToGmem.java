package dev.faultline.protocol.message;

import dev.faultline.protocol.memory.PfnRange;
import java.util.List;

/** What a holder of pages does with them: IOMMU, io_uring, O_DIRECT. */
public sealed interface PageUserToGmem extends ToGmem {

  /**
   * Read or write the bytes of frames, past all page tables. Answered by {@link
   * PagesAnswer.Transferred}; refused where the trust anchor keeps the page from the host.
   */
  record Transfer(PfnRange page, Access access) implements PageUserToGmem {}

  /**
   * unpin_user_pages (mm/gup.c). Answered by {@link PagesAnswer.Put}, also where it is ignored
   * because one of the pages is not pinned.
   */
  record PutPages(List<PfnRange> pages) implements PageUserToGmem {
    public PutPages {
      pages = List.copyOf(pages);
    }
  }
}
