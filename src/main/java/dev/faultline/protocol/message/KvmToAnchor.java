package dev.faultline.protocol.message;

import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.PfnRange;

/** What KVM asks of the trust anchor: SEAMCALLs on TDX. */
public sealed interface KvmToAnchor extends ToAnchor {

  /** TDH.MEM.PAGE.AUG: give pages to the guest, pending its accept. */
  record Augment(GfnRange range, PfnRange pages) implements KvmToAnchor {}

  /** TDH.MEM.RANGE.BLOCK: no new translations. */
  record Block(GfnRange range) implements KvmToAnchor {}

  /** TDH.MEM.TRACK: old translations are gone once every vCPU has left the guest. */
  record Track() implements KvmToAnchor {}

  /** TDH.MEM.PAGE.REMOVE: take the pages back; their content is destroyed. */
  record Remove(GfnRange range) implements KvmToAnchor {}

  /** A private access of the guest is translated by the secure EPT. */
  record Translate(GfnRange range, Access access) implements KvmToAnchor {}
}
