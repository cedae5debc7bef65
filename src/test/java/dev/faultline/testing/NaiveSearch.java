package dev.faultline.testing;

import dev.faultline.explore.Actor;
import dev.faultline.explore.Model;
import dev.faultline.explore.Moves;
import dev.faultline.explore.Promise;
import dev.faultline.explore.Report;
import dev.faultline.explore.Sight;
import dev.faultline.explore.Slot;
import dev.faultline.explore.Verdict;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/** Searches a model as plainly as can be: a set of maps, and every function is run every time. */
public final class NaiveSearch {

  private final Model model;
  private final Function<Sight, Object> ending;
  private final Set<Slot<?>> known;
  private final Set<Map<Slot<?>, Object>> seen = new HashSet<>();
  private final List<Integer> levels = new ArrayList<>();
  private final Map<Object, Ending> endings = new HashMap<>();
  private long transitions;
  private long ends;

  private NaiveSearch(Model model, Function<Sight, Object> ending) {
    this.model = model;
    this.ending = ending;
    this.known = new LinkedHashSet<>(model.slots());
  }

  /**
   * What a search has shown, in a few words.
   *
   * @param levels how many states each has
   * @param verdict with the property, if there is one
   * @param steps of the shortest trace; 0 if there is none
   */
  public record Found(
      List<Integer> levels, long transitions, long ends, String verdict, int steps) {

    public int states() {
      return levels.stream().mapToInt(size -> size).sum();
    }

    /** The same of a report, which does not tell how many states each level has. */
    public static Found of(Report report, List<Integer> levels) {
      return switch (report.verdict()) {
        case Verdict.Holds _ -> of(report, levels, "holds", 0);
        case Verdict.Broken(String property, String _, var trace) ->
            of(report, levels, "broken " + property, trace.length());
        case Verdict.Stuck(List<String> _, var trace) ->
            of(report, levels, "stuck", trace.length());
        case Verdict.Found _,
            Verdict.Bounded _,
            Verdict.Vacuous _,
            Verdict.Never _,
            Verdict.Sampled _ ->
            throw new IllegalArgumentException(report.verdict().toString());
      };
    }

    private static Found of(Report report, List<Integer> levels, String verdict, int steps) {
      return new Found(levels, report.transitions(), report.endStates(), verdict, steps);
    }
  }

  /**
   * States in which nobody can move, of one kind.
   *
   * @param states so many
   * @param steps to the nearest
   */
  public record Ending(long states, int steps) {}

  public static Found search(Model model) {
    return new NaiveSearch(model, _ -> "").search();
  }

  /** The kinds of states in which nobody can move. */
  public static Map<Object, Ending> endings(Model model, Function<Sight, Object> ending) {
    NaiveSearch search = new NaiveSearch(model, ending);
    search.search();
    return search.endings;
  }

  private Found search() {
    Map<Slot<?>, Object> first = new HashMap<>();
    model.start(changeOf(first));
    seen.add(first);
    List<Map<Slot<?>, Object>> level = List.of(first);
    while (!level.isEmpty()) {
      levels.add(level.size());
      int steps = levels.size() - 1;
      Optional<String> broken = broken(level);
      if (broken.isPresent()) {
        return new Found(levels, transitions, ends, "broken " + broken.get(), steps);
      }
      boolean stuck = false;
      List<Map<Slot<?>, Object>> next = new ArrayList<>();
      for (Map<Slot<?>, Object> state : level) {
        List<Map<Slot<?>, Object>> after = successors(state);
        transitions += after.size();
        if (after.isEmpty()) {
          ends++;
          endings.merge(
              ending.apply(sight(state)),
              new Ending(1, steps),
              (known, _) -> new Ending(known.states() + 1, known.steps()));
          stuck |= !model.waiting(sight(state)).isEmpty();
        }
        after.stream().filter(seen::add).forEach(next::add);
      }
      if (stuck) {
        if (!next.isEmpty()) {
          levels.add(next.size());
        }
        return new Found(levels, transitions, ends, "stuck", steps);
      }
      level = next;
    }
    return new Found(levels, transitions, ends, "holds", 0);
  }

  /** The property that is reported if some are broken: of the first promise, the first by name. */
  private Optional<String> broken(List<Map<Slot<?>, Object>> level) {
    for (Promise promise : model.promises()) {
      TreeSet<String> properties = new TreeSet<>();
      for (Map<Slot<?>, Object> state : level) {
        promise.violation(sight(state)).ifPresent(broken -> properties.add(broken.property()));
      }
      if (!properties.isEmpty()) {
        return Optional.of(properties.first());
      }
    }
    return Optional.empty();
  }

  private List<Map<Slot<?>, Object>> successors(Map<Slot<?>, Object> state) {
    List<Map<Slot<?>, Object>> successors = new ArrayList<>();
    for (Actor actor : model.actors(List.copyOf(known))) {
      actor.act(
          sight(state),
          _ -> {
            Map<Slot<?>, Object> after = new HashMap<>(state);
            successors.add(after);
            return changeOf(after);
          });
    }
    return successors;
  }

  /** Changes a state; what holds its initial value is not in it. */
  private Moves.Change changeOf(Map<Slot<?>, Object> state) {
    return new Moves.Change() {
      @Override
      public <T> void set(Slot<T> slot, T value) {
        known.add(slot);
        if (value.equals(slot.initial())) {
          state.remove(slot);
        } else {
          state.put(slot, value);
        }
      }
    };
  }

  private Sight sight(Map<Slot<?>, Object> state) {
    return new Sight() {
      @Override
      @SuppressWarnings("unchecked") // changeOf() puts a T into a Slot<T>
      public <T> T get(Slot<T> slot) {
        return (T) state.getOrDefault(slot, slot.initial());
      }

      @Override
      public <T, P> P look(Slot<T> slot, Function<? super T, P> look) {
        return look.apply(get(slot));
      }

      @Override
      public Collection<Slot<?>> known(Object group) {
        return Slot.of(group, known);
      }
    };
  }
}
