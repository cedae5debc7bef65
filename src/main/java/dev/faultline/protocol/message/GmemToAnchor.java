package dev.faultline.protocol.message;

import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.PfnRange;
import java.util.List;

/** What a gmem inode asks of the trust anchor, and answers it. */
public sealed interface GmemToAnchor extends ToAnchor {

  /**
   * An instruction of the mode's table, at the act tell-anchor. Answered by {@link
   * AnchorToGmem.Done} or {@link AnchorToGmem.Refused}.
   *
   * @param range where the guest has the pages. Model: a world has one slot, so index and guest
   *     frame agree
   * @param frames as in {@link KvmToAnchor.Instruct}
   */
  record Instruct(String instruction, GfnRange range, List<PfnRange> frames)
      implements GmemToAnchor {
    public Instruct {
      frames = List.copyOf(frames);
    }
  }

  /**
   * The kernel touched a page that is not the host's, and the mode says that it asks for it back
   * (pKVM: the abort marked by S1PTW, __pkvm_host_force_reclaim_page_guest). Answered by {@link
   * AnchorToGmem.Retry}.
   *
   * @param caller who waits for the bytes
   */
  record KernelAccess(GfnRange range, PfnRange frames, Access access, Endpoint caller)
      implements GmemToAnchor {}

  /** Answers {@link AnchorToGmem.Guard}. */
  record Guarded() implements GmemToAnchor {}
}
