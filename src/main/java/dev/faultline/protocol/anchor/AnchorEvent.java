package dev.faultline.protocol.anchor;

import dev.faultline.protocol.Event;
import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.PfnRange;

/** What can happen to a trust anchor (Intel TDX Module Base Specification). */
public sealed interface AnchorEvent extends Event {

  /** TDH.MEM.PAGE.AUG: pages are given to the guest and pend. */
  record Augmented(GfnRange range, PfnRange frames) implements AnchorEvent {}

  /** TDG.MEM.PAGE.ACCEPT: the guest accepted pages. */
  record Accepted(GfnRange range) implements AnchorEvent {}

  /** TDH.MEM.RANGE.BLOCK: pages get no new translation. */
  record Blocked(GfnRange range) implements AnchorEvent {}

  /** TDH.MEM.PAGE.REMOVE: pages are gone from the secure EPT, their content destroyed. */
  record Removed(GfnRange range) implements AnchorEvent {}
}
