package dev.faultline.protocol.memory;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A map from pages to values, kept as runs: pages that follow on and have equal values are one
 * entry.
 *
 * <p>Immutable; equal content is equal. A look-up or a change costs the logarithm of the number of
 * runs and the number of runs touched, however many pages they have.
 *
 * @param <R> the kind of pages
 * @param <V> the values, immutable and compared by equals
 */
public final class RangeMap<R extends PageRange<R>, V> {

  private final @Nullable RunTree<V> runs;

  private RangeMap(@Nullable RunTree<V> runs) {
    this.runs = runs;
  }

  public static <R extends PageRange<R>, V> RangeMap<R, V> empty() {
    return new RangeMap<>(null);
  }

  public static <R extends PageRange<R>, V> RangeMap<R, V> of(R range, V value) {
    return new RangeMap<>(RunTree.leaf(range.start(), range.end(), value));
  }

  public Optional<V> get(long page) {
    return RunTree.find(runs, page).map(RunTree::value);
  }

  public V getOr(long page, V absent) {
    return get(page).orElse(absent);
  }

  /** With a value on all pages of a range. */
  public RangeMap<R, V> with(R range, V value) {
    return isAll(range, value)
        ? this
        : replace(range, List.of(RunTree.leaf(range.start(), range.end(), value)));
  }

  /** Without any value on the pages of a range. */
  public RangeMap<R, V> without(R range) {
    return replace(range, List.of());
  }

  /** With the values of a range changed, once a run or gap and never a page at a time. */
  public RangeMap<R, V> update(R range, Function<Optional<V>, Optional<V>> change) {
    List<RunTree<V>> middle = new ArrayList<>();
    long next = range.start();
    for (Run<R, V> run : runs(range)) {
      if (run.range().start() > next) {
        append(middle, next, run.range().start(), change.apply(Optional.empty()));
      }
      append(
          middle, run.range().start(), run.range().end(), change.apply(Optional.of(run.value())));
      next = run.range().end();
    }
    if (next < range.end()) {
      append(middle, next, range.end(), change.apply(Optional.empty()));
    }
    return replace(range, middle);
  }

  /** Appends a run, joined with the one before where that is possible. */
  private static <V> void append(List<RunTree<V>> runs, long start, long end, Optional<V> value) {
    if (value.isEmpty()) {
      return;
    }
    if (!runs.isEmpty()
        && runs.getLast().end() == start
        && runs.getLast().value().equals(value.get())) {
      runs.set(runs.size() - 1, RunTree.leaf(runs.getLast().start(), end, value.get()));
    } else {
      runs.add(RunTree.leaf(start, end, value.get()));
    }
  }

  /** With other runs in place of what a range holds, joined with equal neighbours. */
  private RangeMap<R, V> replace(R range, List<RunTree<V>> middle) {
    RunTree<V> before = RunTree.before(runs, range.start());
    RunTree<V> after = RunTree.from(runs, range.end());
    List<RunTree<V>> joined = new ArrayList<>();
    Optional<RunTree<V>> last = RunTree.last(before);
    if (!middle.isEmpty() && last.isPresent() && last.get().end() == middle.getFirst().start()) {
      before = RunTree.before(before, last.get().start());
      append(joined, last.get().start(), last.get().end(), Optional.of(last.get().value()));
    }
    for (RunTree<V> run : middle) {
      append(joined, run.start(), run.end(), Optional.of(run.value()));
    }
    Optional<RunTree<V>> first = RunTree.first(after);
    if (!middle.isEmpty() && first.isPresent() && middle.getLast().end() == first.get().start()) {
      after = RunTree.from(after, first.get().end());
      append(joined, first.get().start(), first.get().end(), Optional.of(first.get().value()));
    }
    RunTree<V> tree = before;
    for (RunTree<V> run : joined) {
      tree = RunTree.join(tree, run);
    }
    return new RangeMap<>(RunTree.join(tree, after));
  }

  /** The runs within a range, cut to it, in order. */
  public List<Run<R, V>> runs(R within) {
    List<RunTree<V>> found = new ArrayList<>();
    RunTree.collect(runs, within.start(), within.end(), found);
    List<Run<R, V>> cut = new ArrayList<>(found.size());
    for (RunTree<V> run : found) {
      cut.add(
          new Run<>(
              within.to(Math.max(run.start(), within.start()), Math.min(run.end(), within.end())),
              run.value()));
    }
    return cut;
  }

  /** The parts of a range that have no value, in order. */
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

  /** Whether all pages of a range have this value. */
  public boolean isAll(R range, V value) {
    return RunTree.find(runs, range.start())
        .filter(run -> run.end() >= range.end() && run.value().equals(value))
        .isPresent();
  }

  /** The first run within a range whose value is wanted. */
  public Optional<Run<R, V>> first(R within, Predicate<V> wanted) {
    return runs(within).stream().filter(run -> wanted.test(run.value())).findFirst();
  }

  public boolean isEmpty() {
    return runs == null;
  }

  public int runCount() {
    return RunTree.count(runs);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RangeMap<?, ?> map && RunTree.same(runs, map.runs);
  }

  @Override
  public int hashCode() {
    return RunTree.hash(runs);
  }

  @Override
  public String toString() {
    List<RunTree<V>> all = new ArrayList<>();
    RunTree.collect(runs, 0, Frames.LIMIT, all);
    return String.join(
        " ",
        all.stream().map(run -> new PfnRange(run.start(), run.end()) + "=" + run.value()).toList());
  }
}
