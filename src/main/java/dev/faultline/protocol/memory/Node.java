package dev.faultline.protocol.memory;

import java.util.List;
import java.util.Optional;

/**
 * A persistent B+tree of pieces, in the order of their pages.
 *
 * <p>A piece begins at a page, ends where the next begins, and has one value or none. The pages
 * before the first piece have none. So a tree is a step function of the page: to cut a run is to
 * put a piece inside it, and nothing has to be said about ends.
 *
 * <p>Nodes never change. A change copies the nodes on the way to it and shares all others. Every
 * tree is a node of its own; a node below another has {@link #FEWEST} to {@link #MOST} entries, and
 * all leaves are equally deep. Equal pieces may lie in trees of different shape.
 */
sealed interface Node<V> permits Leaf, Inner {

  /** The most entries of a node: of 16, 32, 64 and 128 the quickest among 32,768 runs. */
  int MOST = 64;

  /**
   * The fewest entries of a node that is not the root. Less than half, so that a node just split is
   * not soon joined again.
   */
  int FEWEST = MOST / 4;

  /** Levels below this one; 0 for a leaf. */
  int height();

  /** Pieces of a leaf, children of an inner node. */
  int entries();

  /** Where the first piece begins. The tree is not empty. */
  long first();

  /** The value of a page. */
  Optional<V> at(long page);

  /** The pieces that begin before a page. */
  Node<V> before(long page);

  /** The pieces that begin at a page or behind it. */
  Node<V> from(long page);

  /** With other pieces in place of those that begin at {@code from} to {@code last}, inclusive. */
  Node<V> replace(long from, long last, Pieces<V> pieces);

  /** These pieces and then those of another tree, as one or two nodes of the greater height. */
  List<Node<V>> followedBy(Node<V> next);

  /** A hash of the pieces, whatever the shape. */
  int hash();

  /** One tree over siblings. */
  static <V> Node<V> root(List<Node<V>> siblings) {
    List<Node<V>> level = siblings;
    while (level.size() > 1) {
      level = Inner.over(level);
    }
    return level.getFirst();
  }

  /** One tree of two, the pieces of the first before those of the second. */
  static <V> Node<V> join(Node<V> first, Node<V> second) {
    if (first.entries() == 0) {
      return second;
    }
    return second.entries() == 0 ? first : root(first.followedBy(second));
  }

  /** Whether two trees have the same pieces, whatever their shape. Shared nodes are not read. */
  static boolean same(Node<?> one, Node<?> other) {
    if (one == other) {
      return true;
    }
    if (one instanceof Inner<?> first
        && other instanceof Inner<?> second
        && first.splitsLike(second)) {
      for (int index = 0; index < first.entries(); index++) {
        if (!same(first.child(index), second.child(index))) {
          return false;
        }
      }
      return true;
    }
    return sameOneByOne(
        new Cursor<>(one, 0, FrameNumbers.LIMIT), new Cursor<>(other, 0, FrameNumbers.LIMIT));
  }

  private static boolean sameOneByOne(Cursor<?> one, Cursor<?> other) {
    while (one.next()) {
      if (!other.next() || one.end() != other.end() || !one.value().equals(other.value())) {
        return false;
      }
    }
    return true;
  }

  /** The index of the last start that is not behind a page, or -1. */
  static int floor(long[] starts, long page) {
    int base = 0;
    // No early exit, and the sign as the choice: there is no branch to guess wrong.
    for (int length = starts.length; length > 1; ) {
      int half = length >>> 1;
      int behind = (int) ((page - starts[base + half]) >> Long.SIZE - 1);
      base += half & ~behind;
      length -= half;
    }
    return starts.length > 0 && starts[base] <= page ? base : -1;
  }

  /** How many nodes to spread entries over: each gets more than half of what it can take. */
  static int nodes(int entries) {
    return Math.ceilDiv(entries, MOST);
  }

  /** Where a part begins when entries are spread evenly. */
  static int cut(int entries, int parts, int part) {
    return (int) ((long) entries * part / parts);
  }
}
