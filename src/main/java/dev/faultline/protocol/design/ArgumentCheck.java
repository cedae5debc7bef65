package dev.faultline.protocol.design;

import dev.faultline.protocol.memory.Errno;
import dev.faultline.protocol.memory.Page;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A check of a call's arguments, before anything else is done; the first that fails decides.
 *
 * @param when what is wrong
 * @param errno what the call then returns; empty if it succeeds, and does nothing
 */
public record ArgumentCheck(When when, Optional<Errno> errno) {

  /** A check that refuses. */
  public ArgumentCheck(When when, Errno errno) {
    this(when, Optional.of(errno));
  }

  /**
   * The arguments of a conversion call.
   *
   * @param start the range's first byte, unsigned
   * @param sizeBytes its size, unsigned
   * @param errorOffset what the caller has left where the call writes error_offset
   * @param fileBytes the size of the file; empty where the range is not of a file
   */
  public record Arguments(long start, long sizeBytes, long errorOffset, OptionalLong fileBytes) {}

  /** What can be wrong with the arguments of a conversion call. */
  public enum When {
    /** No byte, or the end is below the start. */
    SIZE_ZERO_OR_WRAPS,
    /** No byte. */
    SIZE_ZERO,
    /** The end is below the start. */
    WRAPS,
    /** error_offset, which the call writes, is not 0 (KVM_GMEM_CONVERT_*, RFC v2). */
    ERROR_OFFSET_SET,
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
      return holds(new Arguments(start, sizeBytes, 0, fileBytes));
    }

    /** Whether it is so of the arguments. */
    boolean holds(Arguments given) {
      long start = given.start();
      long sizeBytes = given.sizeBytes();
      OptionalLong fileBytes = given.fileBytes();
      return switch (this) {
        case SIZE_ZERO_OR_WRAPS ->
            sizeBytes == 0 || Long.compareUnsigned(start + sizeBytes, start) < 0;
        case SIZE_ZERO -> sizeBytes == 0;
        case WRAPS -> Long.compareUnsigned(start + sizeBytes, start) < 0;
        case ERROR_OFFSET_SET -> given.errorOffset() != 0;
        case UNALIGNED -> start % Page.BYTES != 0 || sizeBytes % Page.BYTES != 0;
        case BEYOND_FILE ->
            fileBytes.isPresent()
                && Long.compareUnsigned(start + sizeBytes, fileBytes.getAsLong()) > 0;
      };
    }
  }
}
