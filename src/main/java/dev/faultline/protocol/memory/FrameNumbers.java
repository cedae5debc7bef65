package dev.faultline.protocol.memory;

/** The bounds of frame numbers. */
final class FrameNumbers {

  /** One more than the highest frame number: physical addresses have at most 64 bits. */
  static final long LIMIT = 1L << 52;

  private FrameNumbers() {}

  static void check(long number) {
    if (number < 0 || number >= LIMIT) {
      throw new IllegalArgumentException("frame number " + number + " is not in 0..2^52-1");
    }
  }

  static void check(long start, long end) {
    if (start < 0 || start >= end || end > LIMIT) {
      throw new IllegalArgumentException(
          "frames " + start + " to " + end + " are no range: 0 <= start < end <= 2^52 has to hold");
    }
  }

  /** A range as text: its first and its last page, or its only one. */
  static String text(long start, long end) {
    return end - start == 1 ? Long.toString(start) : start + ".." + (end - 1);
  }
}
