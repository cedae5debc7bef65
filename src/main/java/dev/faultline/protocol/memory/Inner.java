package dev.faultline.protocol.memory;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A level of a tree above the leaves: children, and where the first piece of each begins. */
final class Inner<V> implements Node<V> {

  private final long[] starts;
  private final Node<V>[] children;
  private final int height;

  /** 0 until it is asked for; two threads that ask at once find the same. */
  private int hash;

  /** Takes the arrays as they are: nobody may write to them afterwards. */
  private Inner(long[] starts, Node<V>[] children, int height) {
    this.starts = starts;
    this.children = children;
    this.height = height;
  }

  /** Siblings over children, at least two of one height. */
  static <V> List<Node<V>> over(List<Node<V>> children) {
    int parts = Node.nodes(children.size());
    List<Node<V>> siblings = new ArrayList<>(parts);
    for (int part = 0; part < parts; part++) {
      siblings.add(
          of(
              children.subList(
                  Node.cut(children.size(), parts, part),
                  Node.cut(children.size(), parts, part + 1))));
    }
    return siblings;
  }

  private static <V> Inner<V> of(List<Node<V>> list) {
    @SuppressWarnings("unchecked")
    Node<V>[] children = (Node<V>[]) list.toArray(Node<?>[]::new);
    long[] starts = new long[children.length];
    for (int index = 0; index < starts.length; index++) {
      starts[index] = children[index].first();
    }
    return new Inner<>(starts, children, children[0].height() + 1);
  }

  Node<V> child(int index) {
    return children[index];
  }

  long start(int index) {
    return starts[index];
  }

  /** The index of the child that holds a page; the first child also for what lies before it. */
  int indexOf(long page) {
    return Math.max(0, Node.floor(starts, page));
  }

  boolean splitsLike(Inner<?> other) {
    return Arrays.equals(starts, other.starts);
  }

  @Override
  public int height() {
    return height;
  }

  @Override
  public int entries() {
    return children.length;
  }

  @Override
  public long first() {
    return starts[0];
  }

  @Override
  public Optional<V> at(long page) {
    return children[indexOf(page)].at(page);
  }

  @Override
  public Node<V> before(long page) {
    int index = indexOf(page - 1);
    return Node.join(part(0, index), children[index].before(page));
  }

  @Override
  public Node<V> from(long page) {
    int index = indexOf(page - 1);
    return Node.join(children[index].from(page), part(index + 1, children.length));
  }

  /** Some of the children as a tree. */
  private Node<V> part(int from, int until) {
    return from == until ? Leaf.empty() : Node.root(Arrays.asList(children).subList(from, until));
  }

  @Override
  public Node<V> replace(long from, long last, Pieces<V> pieces) {
    int index = indexOf(from);
    if (index != indexOf(last)) {
      return Node.join(Node.join(before(from), pieces.tree()), from(last + 1));
    }
    Node<V> child = children[index].replace(from, last, pieces);
    return child.height() == height - 1 && child.entries() >= FEWEST
        ? with(index, child)
        : Node.join(Node.join(part(0, index), child), part(index + 1, children.length));
  }

  private Inner<V> with(int index, Node<V> child) {
    Node<V>[] newChildren = children.clone();
    newChildren[index] = child;
    long[] newStarts = starts;
    if (child.first() != starts[index]) {
      newStarts = starts.clone();
      newStarts[index] = child.first();
    }
    return new Inner<>(newStarts, newChildren, height);
  }

  @Override
  public List<Node<V>> followedBy(Node<V> next) {
    return switch (next) {
      case Inner<V> inner when inner.height > height ->
          inner.withFirst(followedBy(inner.children[0]));
      case Inner<V> inner when inner.height == height -> siblings(inner);
      case Inner<V> _, Leaf<V> _ -> withLast(children[children.length - 1].followedBy(next));
    };
  }

  private List<Node<V>> siblings(Inner<V> next) {
    if (entries() >= FEWEST && next.entries() >= FEWEST) {
      return List.of(this, next);
    }
    List<Node<V>> all = new ArrayList<>(Arrays.asList(children));
    all.addAll(Arrays.asList(next.children));
    return over(all);
  }

  /** With nodes of the same height in place of the first child. */
  List<Node<V>> withFirst(List<Node<V>> first) {
    List<Node<V>> all = new ArrayList<>(first);
    all.addAll(Arrays.asList(children).subList(1, children.length));
    return over(all);
  }

  /** With nodes of the same height in place of the last child. */
  private List<Node<V>> withLast(List<Node<V>> last) {
    List<Node<V>> all = new ArrayList<>(Arrays.asList(children).subList(0, children.length - 1));
    all.addAll(last);
    return over(all);
  }

  @Override
  public int hash() {
    if (hash == 0) {
      int sum = 0;
      for (Node<V> child : children) {
        sum += child.hash();
      }
      hash = sum;
    }
    return hash;
  }
}
