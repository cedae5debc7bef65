package dev.faultline.protocol.message;

import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.PfnRange;
import java.util.List;

/** What the trust anchor answers. */
public sealed interface AnchorToKvm extends ToKvm {

  /** Augment, Block or Track succeeded: TDX_SUCCESS. */
  record Succeeded() implements AnchorToKvm {}

  /**
   * The call met an entry that another CPU works on: TDX_OPERAND_BUSY. KVM calls again with every
   * vCPU out of the guest, or repeats the fault.
   */
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

  /**
   * The access is translated.
   *
   * @param pages the frames behind it
   */
  record Translated(PfnRange pages) implements AnchorToKvm {}

  /**
   * There is no entry in all of the range: an EPT violation for Translate, TDX_EPT_WALK_FAILED for
   * Block and Remove.
   */
  record NotPresent(GfnRange range) implements AnchorToKvm {}

  /** PAGE.REMOVE met a page that is not blocked: TDX_PAGE_NOT_BLOCKED or entry state incorrect. */
  record NotBlocked(GfnRange range) implements AnchorToKvm {}

  /** Translate met a page that the guest has not accepted. The VM dies with the mode's errno. */
  record NotAccepted(GfnRange range) implements AnchorToKvm {}

  /**
   * An accept met a page that is accepted already: TDX_PAGE_ALREADY_ACCEPTED. The guest sees
   * EEXIST.
   */
  record AlreadyAccepted(GfnRange range) implements AnchorToKvm {}
}
