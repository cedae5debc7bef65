package dev.faultline.protocol.message;

import dev.faultline.protocol.memory.Errno;
import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.PfnRange;
import java.util.List;

/** What the trust anchor answers KVM. */
public sealed interface AnchorToKvm extends ToKvm {

  /** The instruction is done: TDX_SUCCESS. */
  record Succeeded() implements AnchorToKvm {}

  /**
   * It met an entry that another CPU works on: TDX_OPERAND_BUSY. KVM calls again with every vCPU
   * out of the guest, or repeats the fault.
   */
  record Busy() implements AnchorToKvm {}

  /**
   * It is done, and what the pages held is gone: TDH.MEM.PAGE.REMOVE.
   *
   * @param pages the frames whose content is destroyed
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

  /** There is no translation for all of the range: an EPT violation, a nested page fault. */
  record NotPresent(GfnRange range) implements AnchorToKvm {}

  /**
   * A page is in a state in which the instruction means something else than was wanted.
   *
   * @param errno the row of the mode's file
   * @param range the first pages that refuse
   * @param state what they are
   */
  record Refused(Errno errno, GfnRange range, String state) implements AnchorToKvm {}

  /** The access met a page of which the VM dies, with this errno. */
  record Dies(Errno errno, GfnRange range, String state) implements AnchorToKvm {}

  /** The access met a page for which KVM_RUN fails with this errno. */
  record Fails(Errno errno, GfnRange range, String state) implements AnchorToKvm {}
}
