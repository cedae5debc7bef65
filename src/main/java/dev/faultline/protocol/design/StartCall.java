package dev.faultline.protocol.design;

import dev.faultline.protocol.message.View;

/**
 * A conversion call with which a VMM brings memory to the first view that a scenario states.
 *
 * @param target what it sets
 * @param over which ranges it is called for
 */
public record StartCall(View target, Over over) {

  /** The ranges of memory that a start call is made for. */
  public enum Over {
    ALL,
    PRIVATE,
    SHARED
  }
}
