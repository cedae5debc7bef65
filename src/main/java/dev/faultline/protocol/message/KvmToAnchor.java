package dev.faultline.protocol.message;

import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.PfnRange;

/**
 * What KVM asks of the trust anchor: SEAMCALLs on TDX (Intel TDX Module Base Specification; called
 * in arch/x86/kvm/vmx/tdx.c). Any but Translate may find an entry busy where the scenario leaves
 * that open: {@link AnchorToKvm.Busy}.
 */
public sealed interface KvmToAnchor extends ToAnchor {

  /**
   * TDH.MEM.PAGE.AUG: give pages to the guest, pending its accept. Sent by a guest fault at
   * install-mapping. Always succeeds; a page that is there already stays as it is.
   */
  record Augment(GfnRange range, PfnRange pages) implements KvmToAnchor {}

  /**
   * TDH.MEM.RANGE.BLOCK: no new translations. Sent by a zap of private mappings; NotPresent if
   * there is no entry in all of the range.
   */
  record Block(GfnRange range) implements KvmToAnchor {}

  /**
   * TDH.MEM.TRACK: old translations are gone once every vCPU has left the guest. Sent after Block;
   * always succeeds.
   */
  record Track() implements KvmToAnchor {}

  /**
   * TDH.MEM.PAGE.REMOVE: take the pages back; their content is destroyed. Sent once every access to
   * them has ended. Answered by Removed; by NotPresent if there is no entry in all of the range, by
   * NotBlocked if the mode blocks and a page is not blocked.
   */
  record Remove(GfnRange range) implements KvmToAnchor {}

  /**
   * A private access of the guest is translated by the secure EPT; an accept is taken note of.
   * Answered by Translated, NotPresent, NotAccepted or AlreadyAccepted. Model: no call of KVM; the
   * CPU walks the tables itself.
   */
  record Translate(GfnRange range, Access access) implements KvmToAnchor {}
}
