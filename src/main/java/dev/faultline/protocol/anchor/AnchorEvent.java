package dev.faultline.protocol.anchor;

import dev.faultline.protocol.Event;
import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.PfnRange;

/** What can happen to a trust anchor. */
public sealed interface AnchorEvent extends Event {

  /** Pages are given to the guest and pend. */
  record Augmented(GfnRange range, PfnRange frames) implements AnchorEvent {}

  /** The guest accepted pages. */
  record Accepted(GfnRange range) implements AnchorEvent {}

  /** Pages get no new translation. */
  record Blocked(GfnRange range) implements AnchorEvent {}

  /** Blocked pages are gone from the secure EPT. */
  record Removed(GfnRange range) implements AnchorEvent {}
}
