package dev.faultline.protocol.anchor;

import dev.faultline.protocol.Event;
import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.PfnRange;

/** What can happen to a trust anchor; which instruction moves what is in the mode's file. */
public sealed interface AnchorEvent extends Event {

  /**
   * Pages are in another state.
   *
   * @param instruction that moved them
   * @param from what they were
   * @param to what they are now; {@code absent} for what the anchor does not know any more
   */
  record Moved(String instruction, GfnRange range, String from, String to, PfnRange frames)
      implements AnchorEvent {}

  /** A call waits for the inodes to take what it changes for the host. */
  record CallPends(Pending call) implements AnchorEvent {}

  /** An inode has taken it. */
  record GuardTaken() implements AnchorEvent {}

  /** The call is over, and its caller answered. */
  record CallEnded() implements AnchorEvent {}

  /** A call waits for the one before it: EL2 holds the host's lock. */
  record CallQueued(Call call) implements AnchorEvent {}

  /** It waits no longer. */
  record CallTaken() implements AnchorEvent {}
}
