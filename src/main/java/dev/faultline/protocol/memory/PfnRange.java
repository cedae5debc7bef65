package dev.faultline.protocol.memory;

/**
 * A range of host page frames.
 *
 * @param start the first, from 0
 * @param end the one behind the last, at most 2^52
 */
public record PfnRange(long start, long end) implements PageRange<PfnRange> {

  /** Every frame there can be. */
  public static final PfnRange ALL = new PfnRange(0, FrameNumbers.LIMIT);

  public PfnRange {
    FrameNumbers.check(start, end);
  }

  /**
   * The frames behind a range that is mapped frame by frame.
   *
   * @param offset pfn - number of the page
   */
  public static PfnRange behind(PageRange<?> range, long offset) {
    return new PfnRange(range.start() + offset, range.end() + offset);
  }

  @Override
  public PfnRange to(long from, long until) {
    return new PfnRange(from, until);
  }

  @Override
  public String toString() {
    return text();
  }
}
