package dev.faultline.protocol.memory;

/**
 * A range of host page frames.
 *
 * @param start the first, from 0
 * @param end the one behind the last, at most 2^52
 */
public record PfnRange(long start, long end) implements PageRange<PfnRange> {

  /** Every frame there can be. */
  public static final PfnRange ALL = new PfnRange(0, Frames.LIMIT);

  public PfnRange {
    Frames.check(start, end);
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
