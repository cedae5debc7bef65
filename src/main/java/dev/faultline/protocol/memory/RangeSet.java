package dev.faultline.protocol.memory;

import java.util.List;
import java.util.StringJoiner;

/**
 * A set of pages, kept as ranges that neither overlap nor touch. Immutable; equal content is equal.
 *
 * @param <R> the kind of pages
 */
public final class RangeSet<R extends PageRange<R>> {

  private final RangeMap<R, Boolean> map;

  private RangeSet(RangeMap<R, Boolean> map) {
    this.map = map;
  }

  public static <R extends PageRange<R>> RangeSet<R> empty() {
    return new RangeSet<>(RangeMap.<R, Boolean>empty());
  }

  public static <R extends PageRange<R>> RangeSet<R> of(R range) {
    return new RangeSet<>(RangeMap.of(range, true));
  }

  public RangeSet<R> with(R range) {
    return changed(map.with(range, true));
  }

  public RangeSet<R> without(R range) {
    return changed(map.without(range));
  }

  private RangeSet<R> changed(RangeMap<R, Boolean> other) {
    return other == map ? this : new RangeSet<>(other);
  }

  public boolean contains(long page) {
    return map.get(page).isPresent();
  }

  public boolean containsAll(R range) {
    return map.isAll(range, true);
  }

  public boolean overlaps(R range) {
    return map.first(range, _ -> true).isPresent();
  }

  /** The ranges within a range, cut to it, in order. */
  public List<R> ranges(R within) {
    return map.runs(within).stream().map(Run::range).toList();
  }

  /** The parts of a range that are not in the set, in order. */
  public List<R> gaps(R within) {
    return map.gaps(within);
  }

  public boolean isEmpty() {
    return map.isEmpty();
  }

  /** How many pages there are. The ranges are gone through one by one. */
  public long pageCount() {
    long count = 0;
    for (Cursor<Boolean> cursor = map.all(); cursor.next(); ) {
      count += cursor.value().isPresent() ? cursor.end() - cursor.start() : 0;
    }
    return count;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RangeSet<?> set && map.equals(set.map);
  }

  @Override
  public int hashCode() {
    return map.hashCode();
  }

  /** "0..511 768". */
  @Override
  public String toString() {
    StringJoiner text = new StringJoiner(" ");
    for (Cursor<Boolean> cursor = map.all(); cursor.next(); ) {
      if (cursor.value().isPresent()) {
        text.add(FrameNumbers.text(cursor.start(), cursor.end()));
      }
    }
    return text.toString();
  }
}
