package dev.faultline.protocol.memory;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The lowest level of a tree: where pieces begin, ascending, and what they hold. */
final class Leaf<V> implements Node<V> {

  private final long[] starts;
  private final Optional<V>[] values;

  /** 0 until it is asked for; two threads that ask at once find the same. */
  private int hash;

  /** Takes the arrays as they are: nobody may write to them afterwards. */
  private Leaf(long[] starts, Optional<V>[] values) {
    this.starts = starts;
    this.values = values;
  }

  static <V> Leaf<V> empty() {
    return new Leaf<>(new long[0], Pieces.array(0));
  }

  /** Leaves over pieces, at least one. Takes the arrays as they are. */
  static <V> List<Node<V>> over(long[] starts, Optional<V>[] values) {
    if (starts.length <= MOST) {
      return List.of(new Leaf<>(starts, values));
    }
    int parts = Node.nodes(starts.length);
    List<Node<V>> leaves = new ArrayList<>(parts);
    for (int part = 0; part < parts; part++) {
      int from = Node.cut(starts.length, parts, part);
      int until = Node.cut(starts.length, parts, part + 1);
      leaves.add(
          new Leaf<>(
              Arrays.copyOfRange(starts, from, until), Arrays.copyOfRange(values, from, until)));
    }
    return leaves;
  }

  long start(int index) {
    return starts[index];
  }

  Optional<V> value(int index) {
    return values[index];
  }

  /** The index of the piece that holds a page, or -1 if they all begin behind it. */
  int indexOf(long page) {
    return Node.floor(starts, page);
  }

  @Override
  public int height() {
    return 0;
  }

  @Override
  public int entries() {
    return starts.length;
  }

  @Override
  public long first() {
    return starts[0];
  }

  @Override
  public Optional<V> at(long page) {
    int index = indexOf(page);
    return index < 0 ? Optional.empty() : values[index];
  }

  @Override
  public Node<V> before(long page) {
    return part(0, indexOf(page - 1) + 1);
  }

  @Override
  public Node<V> from(long page) {
    return part(indexOf(page - 1) + 1, starts.length);
  }

  private Leaf<V> part(int from, int until) {
    return until - from == starts.length
        ? this
        : new Leaf<>(
            Arrays.copyOfRange(starts, from, until), Arrays.copyOfRange(values, from, until));
  }

  @Override
  public Node<V> replace(long from, long last, Pieces<V> pieces) {
    int kept = indexOf(from - 1) + 1;
    int rest = indexOf(last) + 1;
    int behind = kept + pieces.count();
    int count = behind + starts.length - rest;
    long[] newStarts = new long[count];
    Optional<V>[] newValues = Pieces.array(count);
    System.arraycopy(starts, 0, newStarts, 0, kept);
    System.arraycopy(values, 0, newValues, 0, kept);
    pieces.copyTo(newStarts, newValues, kept);
    System.arraycopy(starts, rest, newStarts, behind, starts.length - rest);
    System.arraycopy(values, rest, newValues, behind, starts.length - rest);
    return count <= MOST
        ? new Leaf<>(newStarts, newValues)
        : Node.root(Leaf.over(newStarts, newValues));
  }

  @Override
  public List<Node<V>> followedBy(Node<V> next) {
    return switch (next) {
      case Inner<V> inner -> inner.withFirst(followedBy(inner.child(0)));
      case Leaf<V> leaf when entries() >= FEWEST && leaf.entries() >= FEWEST -> List.of(this, leaf);
      case Leaf<V> leaf -> {
        long[] allStarts = Arrays.copyOf(starts, starts.length + leaf.starts.length);
        Optional<V>[] allValues = Arrays.copyOf(values, allStarts.length);
        System.arraycopy(leaf.starts, 0, allStarts, starts.length, leaf.starts.length);
        System.arraycopy(leaf.values, 0, allValues, values.length, leaf.values.length);
        yield Leaf.over(allStarts, allValues);
      }
    };
  }

  @Override
  public int hash() {
    if (hash == 0) {
      int sum = 0;
      for (int index = 0; index < starts.length; index++) {
        sum += mixed(starts[index], values[index].hashCode());
      }
      hash = sum;
    }
    return hash;
  }

  /** A hash of one piece, good enough to be summed up (the finalizer of SplitMix64). */
  private static int mixed(long start, int value) {
    long bits = start * 0x9e3779b97f4a7c15L + value;
    bits = (bits ^ (bits >>> 30)) * 0xbf58476d1ce4e5b9L;
    bits = (bits ^ (bits >>> 27)) * 0x94d049bb133111ebL;
    return Long.hashCode(bits);
  }
}
