package dev.faultline.protocol.memory;

import java.util.Arrays;
import java.util.Optional;

/** Collects pieces in ascending order; one that says the same as the one before is left out. */
final class Pieces<V> {

  private long[] starts = new long[2];
  private Optional<V>[] values = array(2);
  private int count;
  private Optional<V> last;

  /**
   * @param before the value in front of the first piece
   */
  Pieces(Optional<V> before) {
    this.last = before;
  }

  @SuppressWarnings("unchecked")
  static <V> Optional<V>[] array(int length) {
    return (Optional<V>[]) new Optional<?>[length];
  }

  void add(long start, Optional<V> value) {
    if (value.equals(last)) {
      return;
    }
    if (count == starts.length) {
      starts = Arrays.copyOf(starts, 2 * count);
      values = Arrays.copyOf(values, 2 * count);
    }
    starts[count] = start;
    values[count] = value;
    count++;
    last = value;
  }

  int count() {
    return count;
  }

  void copyTo(long[] toStarts, Optional<V>[] toValues, int position) {
    System.arraycopy(starts, 0, toStarts, position, count);
    System.arraycopy(values, 0, toValues, position, count);
  }

  Node<V> tree() {
    return Node.root(Leaf.over(Arrays.copyOf(starts, count), Arrays.copyOf(values, count)));
  }
}
