package dev.faultline.protocol.memory;

/**
 * A guest frame number: guest physical address / 4 KiB.
 *
 * @param number 0 to 2^52 - 1
 */
public record Gfn(long number) implements Comparable<Gfn> {

  public Gfn {
    Frames.check(number);
  }

  public Gfn plus(long pageCount) {
    return new Gfn(number + pageCount);
  }

  @Override
  public int compareTo(Gfn other) {
    return Long.compare(number, other.number);
  }

  @Override
  public String toString() {
    return Long.toString(number);
  }
}
