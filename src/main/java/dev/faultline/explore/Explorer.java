package dev.faultline.explore;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * Explores a model level by level, until something is found, all is seen, or a bound is reached.
 */
public final class Explorer {

  /** What ends a search from outside. */
  public static final String STOPPED = "stopped";

  private final Model model;
  private final List<Promise> promises;
  private final List<Goal> goals;
  private final Set<String> admitted;
  private final Optional<Function<Sight, Object>> endings;

  /**
   * What is explored, and what for.
   *
   * @param goals what is looked for
   * @param admitted properties that are known to break: told, and no reason to stop
   * @param endings how a state in which nobody can move is told from others, if that is asked
   */
  public Explorer(
      Model model,
      List<Goal> goals,
      Set<String> admitted,
      Optional<Function<Sight, Object>> endings) {
    this.model = model;
    this.promises = model.promises();
    this.goals = List.copyOf(goals);
    this.admitted = new TreeSet<>(admitted);
    this.endings = endings;
  }

  /** Where a search is. */
  public record Progress(long states, int level, long frontier, long bytes, double seconds) {}

  /** Who is told how far a search has come. */
  public interface Watcher {
    /** Called now and then, and after each level. */
    void at(Progress progress);

    /** Whether to stop now. */
    boolean stops();
  }

  /** Searches, with a number of threads. */
  public Report explore(int workers, Reductions reductions, Bounds bounds, Watcher watcher) {
    try (Workers threads = new Workers(workers)) {
      Report report = new Run(threads, reductions, bounds, watcher).search();
      Optional<Trace> trace = report.verdict().way();
      if (trace.isEmpty() || !reductions.partialOrder()) {
        return report;
      }
      // Steps that were taken early may be no part of the shortest way.
      Bounds near = new Bounds(trace.get().length(), bounds.memoryBytes(), bounds.milliseconds());
      Reductions exact = new Reductions(reductions.symmetry(), false);
      Report shortest = new Run(threads, exact, near, watcher).search();
      return shortest.verdict().way().isPresent() ? shortest : report;
    }
  }

  /** A search under way. */
  private final class Run {
    private final Search search;
    private final int workers;
    private final Bounds bounds;
    private final Watcher watcher;
    private final long start = System.nanoTime();
    private final SortedMap<String, Report.Witness> broken = new TreeMap<>();
    private final SortedMap<String, Report.Witness> seen = new TreeMap<>();
    private final Map<Object, Ended> ended = new LinkedHashMap<>();
    private long endStates;
    private Optional<String> cut = Optional.empty();

    /** States that end alike. */
    private static final class Ended {
      final int level;
      final List<long[]> nearest = new ArrayList<>();
      long states;

      Ended(int level) {
        this.level = level;
      }
    }

    Run(Workers threads, Reductions reductions, Bounds bounds, Watcher watcher) {
      List<Function<Sight, Optional<?>>> questions = new ArrayList<>();
      promises.forEach(promise -> questions.add(promise::violation));
      goals.forEach(goal -> questions.add(sight -> goal.seen().apply(sight)));
      questions.add(
          sight -> {
            List<String> waiting = model.waiting(sight);
            return waiting.isEmpty() ? Optional.empty() : Optional.of(waiting);
          });
      endings.ifPresent(ending -> questions.add(sight -> Optional.of(ending.apply(sight))));
      this.search = new Search(model, reductions, threads, questions);
      this.workers = threads.count();
      this.bounds = bounds;
      this.watcher = watcher;
    }

    private double seconds() {
      return (System.nanoTime() - start) / 1e9;
    }

    Report search() {
      while (true) {
        int level = search.level();
        if (search.store().size(level) == 0) {
          return report(atTheEnd());
        }
        Optional<Verdict> found = checkLevel(level);
        if (found.isPresent()) {
          return report(found.get());
        }
        watcher.at(progress(level));
        if (level >= bounds.depth()) {
          cut = Optional.of("depth " + bounds.depth());
          return report(bounded(level, search.store().size(level)));
        }
        long left = search.expand(stop());
        Optional<Verdict> stuck = checkEnds(level);
        if (stuck.isPresent()) {
          return report(stuck.get());
        }
        if (left > 0) {
          // What was reached beyond is checked too; a level that was cut short proves nothing more.
          return report(
              checkLevel(level + 1)
                  .orElseGet(() -> bounded(level, left + search.store().size(level + 1))));
        }
      }
    }

    private BooleanSupplier stop() {
      return () -> {
        watcher.at(progress(search.level()));
        if (watcher.stops()) {
          cut = Optional.of(STOPPED);
        } else if (search.store().bytes() > bounds.memoryBytes()) {
          cut = Optional.of("memory");
        } else if (seconds() * 1000 > bounds.milliseconds()) {
          cut = Optional.of("time");
        }
        return cut.isPresent();
      };
    }

    private Progress progress(int level) {
      return new Progress(
          search.store().size(),
          level,
          search.store().size(level),
          search.store().bytes() + search.memoBytes(),
          seconds());
    }

    private Verdict bounded(int depth, long unexpanded) {
      return new Verdict.Bounded(depth, unexpanded, cut.orElseThrow());
    }

    private Verdict atTheEnd() {
      List<String> missing =
          goals.stream()
              .filter(goal -> !goal.ends() && !seen.containsKey(goal.name()))
              .map(Goal::name)
              .toList();
      return missing.isEmpty() ? new Verdict.Holds() : new Verdict.Vacuous(missing);
    }

    /** Asks all that is asked of each state. */
    private Optional<Verdict> checkLevel(int level) {
      for (int number = 0; number < promises.size(); number++) {
        List<Search.Seen> violations = search.ask(number, level, Integer.MAX_VALUE);
        TreeMap<String, List<Search.Seen>> byProperty = new TreeMap<>();
        for (Search.Seen each : violations) {
          String property = ((Promise.Violation) each.answer()).property();
          byProperty.computeIfAbsent(property, _ -> new ArrayList<>()).add(each);
        }
        for (Map.Entry<String, List<Search.Seen>> each : byProperty.entrySet()) {
          if (!admitted.contains(each.getKey())) {
            Report.Witness witness = witness(level, each.getValue());
            return Optional.of(new Verdict.Broken(each.getKey(), witness.text(), witness.trace()));
          }
          if (!broken.containsKey(each.getKey())) {
            broken.put(each.getKey(), witness(level, each.getValue()));
          }
        }
      }
      for (int number = 0; number < goals.size(); number++) {
        Goal goal = goals.get(number);
        if (!seen.containsKey(goal.name())) {
          List<Search.Seen> witnesses =
              search.ask(promises.size() + number, level, Integer.MAX_VALUE);
          if (!witnesses.isEmpty()) {
            Report.Witness witness = witness(level, witnesses);
            seen.put(goal.name(), witness);
            if (goal.ends()) {
              return Optional.of(new Verdict.Found(goal.name(), witness.text(), witness.trace()));
            }
          }
        }
      }
      return Optional.empty();
    }

    private Report.Witness witness(int level, List<Search.Seen> states) {
      Paths.Reached reached =
          new Paths(search).to(level, states.stream().map(Search.Seen::state).toList());
      Object answer =
          states.stream()
              .filter(each -> Arrays.equals(each.state(), reached.state()))
              .findFirst()
              .orElseThrow()
              .answer();
      String text =
          answer instanceof Promise.Violation violation ? violation.text() : answer.toString();
      return new Report.Witness(text, reached.trace());
    }

    /** Looks at the states of a level in which nobody can move. */
    private Optional<Verdict> checkEnds(int level) {
      int waitingNumber = promises.size() + goals.size();
      Map<List<?>, List<long[]>> stuck = new LinkedHashMap<>();
      for (long[] state : search.ends()) {
        endStates++;
        Optional<Object> waiting = search.ask(waitingNumber, state);
        waiting.ifPresent(
            who -> stuck.computeIfAbsent((List<?>) who, _ -> new ArrayList<>()).add(state));
        if (endings.isPresent()) {
          Object ending = search.ask(waitingNumber + 1, state).orElseThrow();
          Ended like = ended.computeIfAbsent(ending, _ -> new Ended(level));
          like.states++;
          if (like.level == level) {
            like.nearest.add(state);
          }
        }
      }
      if (stuck.isEmpty() || admitted.contains(model.answered())) {
        return Optional.empty();
      }
      List<?> waiting = stuck.keySet().iterator().next();
      return Optional.of(
          new Verdict.Stuck(
              waiting.stream().map(Object::toString).toList(),
              new Paths(search).to(level, stuck.get(waiting)).trace()));
    }

    private Report report(Verdict verdict) {
      Store store = search.store();
      long states = store.size();
      List<Report.Ending> endings = new ArrayList<>();
      ended.forEach(
          (what, like) ->
              endings.add(
                  new Report.Ending(
                      what, like.states, new Paths(search).to(like.level, like.nearest).trace())));
      List<String> properties =
          promises.stream().flatMap(promise -> promise.properties().stream()).distinct().toList();
      int levels = store.levels();
      return new Report(
          verdict,
          properties,
          states,
          search.transitions(),
          store.size(levels - 1) == 0 ? levels - 1 : levels,
          endStates,
          seconds(),
          (double) store.bytes() / states,
          workers,
          search.decided(),
          search.space().bits(),
          search.space().sizes(),
          broken,
          seen,
          endings);
    }
  }
}
