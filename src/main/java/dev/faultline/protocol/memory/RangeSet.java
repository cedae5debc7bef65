package dev.faultline.protocol.memory;

import java.util.List;

/** A set of pages, kept as ranges. Immutable. */
public final class RangeSet<R extends PageRange<R>> {

  private final RangeMap<R, Boolean> map;

  private RangeSet(RangeMap<R, Boolean> map) {
    this.map = map;
  }

  public static <R extends PageRange<R>> RangeSet<R> empty() {
    return new RangeSet<R>(RangeMap.<R, Boolean>empty());
  }

  public static <R extends PageRange<R>> RangeSet<R> of(R range) {
    return RangeSet.<R>empty().with(range);
  }

  public RangeSet<R> with(R range) {
    return new RangeSet<>(map.with(range, true));
  }

  public RangeSet<R> without(R range) {
    return new RangeSet<>(map.without(range));
  }

  public boolean contains(long page) {
    return map.get(page).isPresent();
  }

  public boolean containsAll(R range) {
    return map.isAll(range, true);
  }

  public boolean overlaps(R range) {
    return !map.runs(range).isEmpty();
  }

  public List<R> ranges(R within) {
    return map.runs(within).stream().map(Run::range).toList();
  }

  public List<R> gaps(R within) {
    return map.gaps(within);
  }

  public boolean isEmpty() {
    return map.isEmpty();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RangeSet<?> set && map.equals(set.map);
  }

  @Override
  public int hashCode() {
    return map.hashCode();
  }

  @Override
  public String toString() {
    return map.toString();
  }
}
