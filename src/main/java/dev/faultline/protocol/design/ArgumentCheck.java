package dev.faultline.protocol.design;

import dev.faultline.protocol.memory.Errno;

/**
 * A check of a call's arguments, before anything else is done; the first that fails decides.
 *
 * @param when what is wrong
 * @param errno what the call then returns
 */
public record ArgumentCheck(When when, Errno errno) {

  /** What can be wrong with the arguments of a conversion call. */
  public enum When {
    SIZE_ZERO_OR_WRAPS,
    UNALIGNED,
    BEYOND_FILE
  }
}
