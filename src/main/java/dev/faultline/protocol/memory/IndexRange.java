package dev.faultline.protocol.memory;

/**
 * A range of pages of a gmem file.
 *
 * @param start the first, from 0
 * @param end the one behind the last, at most 2^52
 */
public record IndexRange(long start, long end) implements PageRange<IndexRange> {

  public IndexRange {
    FrameNumbers.check(start, end);
  }

  public static IndexRange of(PageIndex first, long pageCount) {
    return new IndexRange(first.number(), first.number() + pageCount);
  }

  public PageIndex first() {
    return new PageIndex(start);
  }

  @Override
  public IndexRange to(long from, long until) {
    return new IndexRange(from, until);
  }

  @Override
  public String toString() {
    return text();
  }
}
