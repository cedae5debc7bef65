package dev.faultline.protocol.memory;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Runs in the order of their pages, as a persistent search tree: changes copy the path to them and
 * share the rest.
 *
 * <p>It is a treap whose priorities are a hash of a run's first page. So its shape follows from its
 * content alone, it is balanced as a random one would be, and nothing in it depends on chance.
 */
final class RunTree<V> {

  private final long start;
  private final long end;
  private final V value;
  private final @Nullable RunTree<V> left;
  private final @Nullable RunTree<V> right;
  private final int count;

  private RunTree(
      long start, long end, V value, @Nullable RunTree<V> left, @Nullable RunTree<V> right) {
    this.start = start;
    this.end = end;
    this.value = value;
    this.left = left;
    this.right = right;
    this.count = 1 + count(left) + count(right);
  }

  static <V> RunTree<V> leaf(long start, long end, V value) {
    return new RunTree<>(start, end, value, null, null);
  }

  static int count(@Nullable RunTree<?> tree) {
    return tree == null ? 0 : tree.count;
  }

  long start() {
    return start;
  }

  long end() {
    return end;
  }

  V value() {
    return value;
  }

  /** The finalizer of SplitMix64 (Steele, Lea, Flood 2014). */
  private static long priority(long start) {
    long mixed = start + 0x9e3779b97f4a7c15L;
    mixed = (mixed ^ (mixed >>> 30)) * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
    return mixed ^ (mixed >>> 31);
  }

  private RunTree<V> withLeft(@Nullable RunTree<V> other) {
    return other == left ? this : new RunTree<>(start, end, value, other, right);
  }

  private RunTree<V> withRight(@Nullable RunTree<V> other) {
    return other == right ? this : new RunTree<>(start, end, value, left, other);
  }

  /** All runs of the first tree lie before those of the second. */
  static <V> @Nullable RunTree<V> join(@Nullable RunTree<V> first, @Nullable RunTree<V> second) {
    if (first == null) {
      return second;
    }
    if (second == null) {
      return first;
    }
    return priority(first.start) > priority(second.start)
        ? first.withRight(join(first.right, second))
        : second.withLeft(join(first, second.left));
  }

  /** What lies before a page; a run across it is cut. */
  static <V> @Nullable RunTree<V> before(@Nullable RunTree<V> tree, long page) {
    if (tree == null) {
      return null;
    }
    if (tree.end <= page) {
      return tree.withRight(before(tree.right, page));
    }
    return tree.start >= page
        ? before(tree.left, page)
        : new RunTree<>(tree.start, page, tree.value, tree.left, null);
  }

  /** What lies from a page on; a run across it is cut. */
  static <V> @Nullable RunTree<V> from(@Nullable RunTree<V> tree, long page) {
    RunTree<V> rest = startingFrom(tree, page);
    // The piece that is cut off starts elsewhere, so it has a priority of its own.
    return find(tree, page)
        .filter(run -> run.start < page)
        .<@Nullable RunTree<V>>map(run -> join(leaf(page, run.end, run.value), rest))
        .orElse(rest);
  }

  private static <V> @Nullable RunTree<V> startingFrom(@Nullable RunTree<V> tree, long page) {
    if (tree == null) {
      return null;
    }
    return tree.start >= page
        ? tree.withLeft(startingFrom(tree.left, page))
        : startingFrom(tree.right, page);
  }

  /** The run that holds a page. */
  static <V> Optional<RunTree<V>> find(@Nullable RunTree<V> tree, long page) {
    RunTree<V> at = tree;
    while (at != null) {
      if (page < at.start) {
        at = at.left;
      } else if (page >= at.end) {
        at = at.right;
      } else {
        return Optional.of(at);
      }
    }
    return Optional.empty();
  }

  static <V> Optional<RunTree<V>> first(@Nullable RunTree<V> tree) {
    RunTree<V> at = tree;
    while (at != null && at.left != null) {
      at = at.left;
    }
    return Optional.ofNullable(at);
  }

  static <V> Optional<RunTree<V>> last(@Nullable RunTree<V> tree) {
    RunTree<V> at = tree;
    while (at != null && at.right != null) {
      at = at.right;
    }
    return Optional.ofNullable(at);
  }

  /** Adds the runs that have a page of a range, in order. */
  static <V> void collect(
      @Nullable RunTree<V> tree, long from, long until, List<RunTree<V>> found) {
    if (tree == null) {
      return;
    }
    if (from < tree.start) {
      collect(tree.left, from, until, found);
    }
    if (tree.start < until && from < tree.end) {
      found.add(tree);
    }
    if (until > tree.end) {
      collect(tree.right, from, until, found);
    }
  }

  /** Whether two trees hold the same runs; equal runs give equal shapes. */
  static boolean same(@Nullable RunTree<?> first, @Nullable RunTree<?> second) {
    if (first == second) {
      return true;
    }
    return first != null
        && second != null
        && first.count == second.count
        && first.start == second.start
        && first.end == second.end
        && first.value.equals(second.value)
        && same(first.left, second.left)
        && same(first.right, second.right);
  }

  static int hash(@Nullable RunTree<?> tree) {
    return tree == null
        ? 0
        : 31 * (31 * hash(tree.left) + Objects.hash(tree.start, tree.end, tree.value))
            + hash(tree.right);
  }
}
