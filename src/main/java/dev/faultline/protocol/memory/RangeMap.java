package dev.faultline.protocol.memory;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/** A map from pages to values, kept as runs. Immutable; equal content is equal. */
public final class RangeMap<R extends PageRange<R>, V> {

  private final List<Entry<V>> entries;

  private record Entry<V>(long start, long end, V value) {}

  private RangeMap(List<Entry<V>> entries) {
    this.entries = entries;
  }

  public static <R extends PageRange<R>, V> RangeMap<R, V> empty() {
    return new RangeMap<>(List.of());
  }

  public static <R extends PageRange<R>, V> RangeMap<R, V> of(R range, V value) {
    return new RangeMap<>(List.of(new Entry<>(range.start(), range.end(), value)));
  }

  public Optional<V> get(long page) {
    return entries.stream()
        .filter(e -> e.start <= page && page < e.end)
        .map(e -> e.value)
        .findFirst();
  }

  public V getOr(long page, V absent) {
    return get(page).orElse(absent);
  }

  public RangeMap<R, V> with(R range, V value) {
    return update(range, old -> Optional.of(value));
  }

  public RangeMap<R, V> without(R range) {
    return update(range, old -> Optional.empty());
  }

  public RangeMap<R, V> update(R range, Function<Optional<V>, Optional<V>> change) {
    List<Entry<V>> all = new ArrayList<>();
    long next = range.start();
    boolean done = false;
    for (Entry<V> e : entries) {
      if (e.end <= range.start()) {
        add(all, e.start, e.end, Optional.of(e.value));
        continue;
      }
      if (e.start < range.start()) {
        add(all, e.start, range.start(), Optional.of(e.value));
      }
      long from = Math.max(e.start, range.start());
      if (from > next) {
        long until = Math.min(from, range.end());
        if (until > next) {
          add(all, next, until, change.apply(Optional.empty()));
          next = until;
        }
      }
      long until = Math.min(e.end, range.end());
      if (until > from) {
        add(all, from, until, change.apply(Optional.of(e.value)));
        next = until;
      }
      if (e.end > range.end()) {
        if (next < range.end()) {
          add(all, next, range.end(), change.apply(Optional.empty()));
          next = range.end();
        }
        add(all, Math.max(e.start, range.end()), e.end, Optional.of(e.value));
      }
    }
    if (next < range.end()) {
      add(all, next, range.end(), change.apply(Optional.empty()));
    }
    return new RangeMap<>(List.copyOf(all));
  }

  private static <V> void add(List<Entry<V>> all, long start, long end, Optional<V> value) {
    if (value.isEmpty() || start >= end) {
      return;
    }
    if (!all.isEmpty()) {
      Entry<V> last = all.getLast();
      if (last.end == start && last.value.equals(value.get())) {
        all.set(all.size() - 1, new Entry<>(last.start, end, last.value));
        return;
      }
    }
    all.add(new Entry<>(start, end, value.get()));
  }

  public List<Run<R, V>> runs(R within) {
    List<Run<R, V>> found = new ArrayList<>();
    for (Entry<V> e : entries) {
      long start = Math.max(e.start, within.start());
      long end = Math.min(e.end, within.end());
      if (start < end) {
        found.add(new Run<>(within.to(start, end), e.value));
      }
    }
    return found;
  }

  public List<R> gaps(R within) {
    List<R> found = new ArrayList<>();
    long next = within.start();
    for (Run<R, V> run : runs(within)) {
      if (run.range().start() > next) {
        found.add(within.to(next, run.range().start()));
      }
      next = run.range().end();
    }
    if (next < within.end()) {
      found.add(within.to(next, within.end()));
    }
    return found;
  }

  public boolean isAll(R range, V value) {
    List<Run<R, V>> runs = runs(range);
    return runs.size() == 1
        && runs.getFirst().range().equals(range)
        && runs.getFirst().value().equals(value);
  }

  public boolean isEmpty() {
    return entries.isEmpty();
  }

  public int runCount() {
    return entries.size();
  }

  public Optional<Run<R, V>> first(R within, Predicate<V> wanted) {
    return runs(within).stream().filter(run -> wanted.test(run.value())).findFirst();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RangeMap<?, ?> map && entries.equals(map.entries);
  }

  @Override
  public int hashCode() {
    return entries.hashCode();
  }

  @Override
  public String toString() {
    return String.join(
        " ", entries.stream().map(e -> e.start + ".." + (e.end - 1) + "=" + e.value).toList());
  }
}
