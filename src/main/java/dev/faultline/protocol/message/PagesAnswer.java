package dev.faultline.protocol.message;

import dev.faultline.protocol.memory.Errno;
import dev.faultline.protocol.memory.IndexRange;
import dev.faultline.protocol.memory.PfnRange;
import java.util.List;

/** What kernel code that asked for pages gets from the inode. */
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

  /** No pages; nothing is referenced. */
  record NotGot(Errno errno) implements PagesAnswer {}

  /** A transfer through pages that the receiver holds has ended. */
  record Transferred(Result result) implements PagesAnswer {}

  /** The references are given back. */
  record Put() implements PagesAnswer {}
}
