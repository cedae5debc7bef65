package dev.faultline.protocol.message;

import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.PfnRange;
import java.util.List;

/** What the trust anchor answers. */
public sealed interface AnchorToKvm extends ToKvm {

  /** The call succeeded. */
  record Succeeded() implements AnchorToKvm {}

  /** The call met an entry that another CPU works on: TDX_OPERAND_BUSY. */
  record Busy() implements AnchorToKvm {}

  /**
   * PAGE.REMOVE succeeded.
   *
   * @param pages the frames that came back, their content destroyed
   */
  record Removed(List<PfnRange> pages) implements AnchorToKvm {
    public Removed {
      pages = List.copyOf(pages);
    }
  }

  /** The access is translated. */
  record Translated(PfnRange pages) implements AnchorToKvm {}

  /** There is no entry in all of the range: an EPT violation, or TDX_EPT_WALK_FAILED. */
  record NotPresent(GfnRange range) implements AnchorToKvm {}

  /** PAGE.REMOVE met a page that is not blocked: TDX_PAGE_NOT_BLOCKED or entry state incorrect. */
  record NotBlocked(GfnRange range) implements AnchorToKvm {}

  /** The access met a page that the guest has not accepted. */
  record NotAccepted(GfnRange range) implements AnchorToKvm {}

  /** Accept met a page that is accepted already: TDX_PAGE_ALREADY_ACCEPTED. */
  record AlreadyAccepted(GfnRange range) implements AnchorToKvm {}
}
