package dev.faultline.protocol.memory;

import java.util.Optional;

/**
 * Goes over the pieces of a range in order, cut to it. Together they are the range: what lies
 * before the first piece of a tree comes as one without a value.
 */
final class Cursor<V> {

  private final Node<V> root;
  private final long until;

  private Leaf<V> leaf = Leaf.empty();
  private int index;

  /** Where the leaf behind this one begins. */
  private long leafEnd;

  private long start;
  private long end;
  private Optional<V> value = Optional.empty();

  Cursor(Node<V> root, long from, long until) {
    this.root = root;
    this.until = until;
    this.leafEnd = from;
    this.end = from;
  }

  /** Goes to the next piece, if there is one. */
  boolean next() {
    if (end >= until) {
      return false;
    }
    start = end;
    if (start < leafEnd) {
      index++;
    } else {
      leafEnd = FrameNumbers.LIMIT;
      descend(root);
    }
    value = index < 0 ? Optional.empty() : leaf.value(index);
    end = Math.min(until, index + 1 < leaf.entries() ? leaf.start(index + 1) : leafEnd);
    return true;
  }

  /** Goes to the piece that holds {@code start}. */
  private void descend(Node<V> node) {
    switch (node) {
      case Leaf<V> found -> {
        leaf = found;
        index = found.indexOf(start);
      }
      case Inner<V> inner -> {
        int child = inner.indexOf(start);
        if (child + 1 < inner.entries()) {
          leafEnd = inner.start(child + 1);
        }
        descend(inner.child(child));
      }
    }
  }

  long start() {
    return start;
  }

  long end() {
    return end;
  }

  Optional<V> value() {
    return value;
  }
}
