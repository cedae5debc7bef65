package dev.faultline.protocol.memory;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A map from pages to values, kept as runs: pages that follow on and have equal values are one
 * entry.
 *
 * <p>Immutable; equal content is equal. A look-up or a change costs the logarithm of the number of
 * runs and the number of runs touched, however many pages they have. A change shares with the map
 * it comes from all that it does not touch, and one that changes nothing gives the same map.
 *
 * @param <R> the kind of pages
 * @param <V> the values, immutable and compared by equals
 */
public final class RangeMap<R extends PageRange<R>, V> {

  private final Node<V> root;

  private RangeMap(Node<V> root) {
    this.root = root;
  }

  public static <R extends PageRange<R>, V> RangeMap<R, V> empty() {
    return new RangeMap<>(Leaf.empty());
  }

  public static <R extends PageRange<R>, V> RangeMap<R, V> of(R range, V value) {
    return RangeMap.<R, V>empty().with(range, value);
  }

  public Optional<V> get(long page) {
    return root.at(page);
  }

  public V getOr(long page, V absent) {
    return root.at(page).orElse(absent);
  }

  /** With a value on all pages of a range. */
  public RangeMap<R, V> with(R range, V value) {
    return set(range, Optional.of(value));
  }

  /** Without any value on the pages of a range. */
  public RangeMap<R, V> without(R range) {
    return set(range, Optional.empty());
  }

  private RangeMap<R, V> set(R range, Optional<V> value) {
    if (root.at(range.start()).equals(value) && isOne(range, value)) {
      return this;
    }
    Pieces<V> pieces = piecesAt(range.start());
    pieces.add(range.start(), value);
    return replace(range, pieces);
  }

  /**
   * With the values of a range changed.
   *
   * @param change applied once to each run or gap in the range, in order, never a page at a time
   */
  public RangeMap<R, V> update(R range, Function<Optional<V>, Optional<V>> change) {
    Pieces<V> pieces = piecesAt(range.start());
    boolean changed = false;
    for (Cursor<V> cursor = cursor(range); cursor.next(); ) {
      Optional<V> value = change.apply(cursor.value());
      pieces.add(cursor.start(), value);
      changed |= !value.equals(cursor.value());
    }
    return changed ? replace(range, pieces) : this;
  }

  /** Collects what is to stand from a page on. */
  private Pieces<V> piecesAt(long page) {
    return new Pieces<>(page == 0 ? Optional.empty() : root.at(page - 1));
  }

  /** With other pieces in a range; behind it all stays as it is. */
  private RangeMap<R, V> replace(R range, Pieces<V> pieces) {
    if (range.end() < FrameNumbers.LIMIT) {
      pieces.add(range.end(), root.at(range.end()));
    }
    return new RangeMap<>(root.replace(range.start(), range.end(), pieces));
  }

  /** The runs within a range, cut to it, in order. */
  public List<Run<R, V>> runs(R within) {
    List<Run<R, V>> runs = new ArrayList<>();
    for (Cursor<V> cursor = cursor(within); cursor.next(); ) {
      if (cursor.value().isPresent()) {
        runs.add(new Run<>(within.to(cursor.start(), cursor.end()), cursor.value().get()));
      }
    }
    return Collections.unmodifiableList(runs);
  }

  /** The parts of a range that have no value, in order. */
  public List<R> gaps(R within) {
    List<R> gaps = new ArrayList<>();
    for (Cursor<V> cursor = cursor(within); cursor.next(); ) {
      if (cursor.value().isEmpty()) {
        gaps.add(within.to(cursor.start(), cursor.end()));
      }
    }
    return Collections.unmodifiableList(gaps);
  }

  /** Whether all pages of a range have this value. */
  public boolean isAll(R range, V value) {
    return isOne(range, Optional.of(value));
  }

  /** Whether a range is one piece: equal neighbours always are. */
  private boolean isOne(R range, Optional<V> value) {
    Cursor<V> cursor = cursor(range);
    return cursor.next() && cursor.end() == range.end() && cursor.value().equals(value);
  }

  /** The first run within a range whose value is wanted, cut to the range. */
  public Optional<Run<R, V>> first(R within, Predicate<V> wanted) {
    for (Cursor<V> cursor = cursor(within); cursor.next(); ) {
      Optional<V> value = cursor.value().filter(wanted);
      if (value.isPresent()) {
        return Optional.of(new Run<>(within.to(cursor.start(), cursor.end()), value.get()));
      }
    }
    return Optional.empty();
  }

  /** All pieces there are, up to the highest frame number. */
  Cursor<V> all() {
    return new Cursor<>(root, 0, FrameNumbers.LIMIT);
  }

  private Cursor<V> cursor(R range) {
    return new Cursor<>(root, range.start(), range.end());
  }

  public boolean isEmpty() {
    return root.entries() == 0;
  }

  /** How many runs there are. They are counted one by one. */
  public int runCount() {
    int count = 0;
    for (Cursor<V> cursor = all(); cursor.next(); ) {
      count += cursor.value().isPresent() ? 1 : 0;
    }
    return count;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RangeMap<?, ?> map
        && root.hash() == map.root.hash()
        && Node.same(root, map.root);
  }

  @Override
  public int hashCode() {
    return root.hash();
  }

  /** "0..511=P 512=S". */
  @Override
  public String toString() {
    StringJoiner text = new StringJoiner(" ");
    for (Cursor<V> cursor = all(); cursor.next(); ) {
      if (cursor.value().isPresent()) {
        text.add(FrameNumbers.text(cursor.start(), cursor.end()) + "=" + cursor.value().get());
      }
    }
    return text.toString();
  }
}
