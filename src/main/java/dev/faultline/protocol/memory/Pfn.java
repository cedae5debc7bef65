package dev.faultline.protocol.memory;

/**
 * The number of a host page frame.
 *
 * @param number 0 to 2^52 - 1
 */
public record Pfn(long number) implements Comparable<Pfn> {

  public Pfn {
    Frames.check(number);
  }

  public Pfn plus(long pageCount) {
    return new Pfn(number + pageCount);
  }

  @Override
  public int compareTo(Pfn other) {
    return Long.compare(number, other.number);
  }

  @Override
  public String toString() {
    return Long.toString(number);
  }
}
