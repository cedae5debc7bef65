package dev.faultline.protocol.memory;

/**
 * The index of a page in a gmem file: offset / 4 KiB.
 *
 * @param number 0 to 2^52 - 1
 */
public record PageIndex(long number) implements Comparable<PageIndex> {

  public PageIndex {
    FrameNumbers.check(number);
  }

  @Override
  public int compareTo(PageIndex other) {
    return Long.compare(number, other.number);
  }

  @Override
  public String toString() {
    return Long.toString(number);
  }
}
