package dev.faultline.protocol.design;

import dev.faultline.protocol.memory.Errno;
import dev.faultline.protocol.memory.Page;
import java.util.OptionalLong;

/**
 * A check of a call's arguments, before anything else is done; the first that fails decides.
 *
 * @param when what is wrong
 * @param errno what the call then returns
 */
public record ArgumentCheck(When when, Errno errno) {

  /** What can be wrong with the arguments of a conversion call. */
  public enum When {
    /** No byte, or the end is below the start. */
    SIZE_ZERO_OR_WRAPS,
    /** Start or size is no multiple of a page. */
    UNALIGNED,
    /** The end is behind that of the file; a VM's attributes may name frames that no slot has. */
    BEYOND_FILE;

    /**
     * Whether it is so of a range.
     *
     * @param start its first byte, unsigned
     * @param sizeBytes its size, unsigned
     * @param fileBytes the size of the file; empty where the range is not of a file
     */
    public boolean holds(long start, long sizeBytes, OptionalLong fileBytes) {
      return switch (this) {
        case SIZE_ZERO_OR_WRAPS ->
            sizeBytes == 0 || Long.compareUnsigned(start + sizeBytes, start) < 0;
        case UNALIGNED -> start % Page.BYTES != 0 || sizeBytes % Page.BYTES != 0;
        case BEYOND_FILE ->
            fileBytes.isPresent()
                && Long.compareUnsigned(start + sizeBytes, fileBytes.getAsLong()) > 0;
      };
    }
  }
}
