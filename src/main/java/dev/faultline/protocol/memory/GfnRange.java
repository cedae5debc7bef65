package dev.faultline.protocol.memory;

/**
 * A range of guest frames.
 *
 * @param start the first, from 0
 * @param end the one behind the last, at most 2^52
 */
public record GfnRange(long start, long end) implements PageRange<GfnRange> {

  /** Every page there can be. */
  public static final GfnRange ALL = new GfnRange(0, FrameNumbers.LIMIT);

  public GfnRange {
    FrameNumbers.check(start, end);
  }

  @Override
  public GfnRange to(long from, long until) {
    return new GfnRange(from, until);
  }

  @Override
  public String toString() {
    return text();
  }
}
