package dev.faultline.explore;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
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
import java.util.stream.Stream;

/**
 * Explores a model level by level, until something is found, all is seen, or a bound is reached.
 */
public final class Explorer {

  /** What ends a search from outside. */
  public static final String STOPPED = "stopped";

  private final Model model;
  private final List<Promise> promises;
  private final List<Eventually> eventually;
  private final List<Goal> goals;
  private final Set<String> admitted;
  private final Optional<Function<Sight, Object>> endings;
  private final Optional<Aspects> aspects;

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
    this(model, goals, admitted, endings, Optional.empty());
  }

  /**
   * The same.
   *
   * @param aspects what coverage counts, if that is asked
   */
  public Explorer(
      Model model,
      List<Goal> goals,
      Set<String> admitted,
      Optional<Function<Sight, Object>> endings,
      Optional<Aspects> aspects) {
    this.model = model;
    this.aspects = aspects;
    this.promises = model.promises();
    this.eventually = endings.isPresent() ? List.of() : model.eventually();
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

    /** Called where a checkpoint could not be written; the search goes on. */
    default void unsaved(IOException failure) {}
  }

  /** Searches, with a number of threads. */
  public Report explore(int workers, Reductions reductions, Bounds bounds, Watcher watcher) {
    return explore(workers, reductions, bounds, watcher, Optional.empty());
  }

  /**
   * Searches, with a number of threads; goes on from a checkpoint if there is one.
   *
   * @throws Checkpoint.Refused if it cannot go on from it, or not write it
   */
  public Report explore(
      int workers,
      Reductions reductions,
      Bounds bounds,
      Watcher watcher,
      Optional<Checkpoint> checkpoint) {
    checkpoint.ifPresent(Checkpoint::prepare);
    try (Workers threads = new Workers(workers)) {
      Run run = new Run(threads, reductions, bounds, watcher, checkpoint);
      Report report = run.search();
      if (run.undecided) {
        Bounds left =
            new Bounds(
                bounds.depth(),
                bounds.memoryBytes(),
                bounds.milliseconds() - (long) (1000 * report.seconds()));
        Report all = new Run(threads, Reductions.NONE, left, watcher, Optional.empty()).search();
        return all.verdict().getClass().equals(report.verdict().getClass()) ? report : all;
      }
      Optional<Trace> trace = report.verdict().way();
      if (trace.isEmpty()
          || !reductions.partialOrder()
          || report.verdict() instanceof Verdict.Never) {
        return report;
      }
      // Steps that were taken early may be no part of the shortest way.
      Bounds near = new Bounds(trace.get().length(), bounds.memoryBytes(), bounds.milliseconds());
      Reductions exact = new Reductions(reductions.symmetry(), false);
      Report shortest = new Run(threads, exact, near, watcher, Optional.empty()).search();
      return shortest.verdict().way().isPresent() ? shortest : report;
    }
  }

  /** A search under way. */
  private final class Run {
    private final Search search;
    private final int workers;
    private final Bounds bounds;
    private final Watcher watcher;
    private final Reductions reductions;
    private final Optional<Checkpoint> checkpoint;
    private final long start = System.nanoTime();
    // At which level first; who shows it is found in the end.
    private final SortedMap<String, Integer> broken = new TreeMap<>();
    private final SortedMap<String, Integer> seen = new TreeMap<>();
    private final Map<Object, Ended> ended = new LinkedHashMap<>();
    private long endStates;
    private Optional<String> cut = Optional.empty();
    private final SortedMap<String, Report.Witness> loops = new TreeMap<>();
    private boolean undecided;
    private double secondsBefore;
    // Which of what has to come about has not, where nobody can move.
    private final BitSet missing = new BitSet();

    /** States that end alike. */
    private static final class Ended {
      final int level;
      final List<Search.Kept> nearest = new ArrayList<>();
      long states;

      Ended(int level) {
        this.level = level;
      }
    }

    Run(
        Workers threads,
        Reductions reductions,
        Bounds bounds,
        Watcher watcher,
        Optional<Checkpoint> checkpoint) {
      List<Function<Sight, Optional<?>>> questions = new ArrayList<>();
      promises.forEach(promise -> questions.add(promise::violation));
      goals.forEach(goal -> questions.add(sight -> goal.seen().apply(sight)));
      questions.add(
          sight -> {
            List<String> waiting = model.waiting(sight);
            return waiting.isEmpty() ? Optional.empty() : Optional.of(waiting);
          });
      endings.ifPresent(ending -> questions.add(sight -> Optional.of(ending.apply(sight))));
      eventually.forEach(
          promise ->
              questions.add(
                  sight -> promise.to().test(sight) ? Optional.of(true) : Optional.empty()));
      this.search = new Search(model, reductions, threads, questions);
      this.workers = threads.count();
      this.bounds = bounds;
      this.watcher = watcher;
      this.reductions = reductions;
      this.checkpoint = checkpoint;
    }

    private int firstEventually() {
      return promises.size() + goals.size() + 1 + (endings.isPresent() ? 1 : 0);
    }

    private double seconds() {
      return (System.nanoTime() - start) / 1e9;
    }

    Report search() {
      boolean checked = resume();
      while (true) {
        int level = search.level();
        if (search.store().size(level) == 0) {
          if (!model.eventually().isEmpty()) {
            // Looking for loops asks more of the model, which is no part of a checkpoint.
            checkpoint.ifPresent(this::save);
          }
          return report(inTheEnd().orElseGet(this::atTheEnd));
        }
        Optional<Verdict> found = checked ? Optional.empty() : checkLevel(level);
        checked = false;
        if (found.isPresent()) {
          return report(found.get());
        }
        // A level may be too small to be stopped within.
        if (level >= bounds.depth()) {
          cut = Optional.of("depth " + bounds.depth());
        }
        if (stopAndKeep().getAsBoolean()) {
          return report(bounded(level, search.unexpanded()));
        }
        long left = search.expand(stopAndKeep());
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

    /** The same; keeps the search in its checkpoint where it stops, and now and then. */
    private BooleanSupplier stopAndKeep() {
      BooleanSupplier stop = stop();
      return () -> {
        boolean stops = stop.getAsBoolean();
        checkpoint.filter(file -> stops || file.isDue()).ifPresent(this::save);
        return stops;
      };
    }

    private Progress progress(int level) {
      return new Progress(
          search.store().size(),
          level,
          search.store().size(level),
          search.store().bytes() + search.memoBytes(),
          secondsBefore + seconds());
    }

    private Verdict bounded(int depth, long unexpanded) {
      return new Verdict.Bounded(depth, unexpanded, cut.orElseThrow());
    }

    /** Looks for fair runs on which something never comes about. */
    private Optional<Verdict> inTheEnd() {
      if (endings.isPresent()) {
        return Optional.empty();
      }
      Liveness liveness =
          new Liveness(
              search,
              model.fairness(),
              () -> bounds.memoryBytes() - search.store().bytes(),
              stop());
      for (int number = 0; number < eventually.size(); number++) {
        Eventually promise = eventually.get(number);
        switch (liveness.check(
            new Liveness.Asked(promise, firstEventually() + number, !missing.get(number)))) {
          case Liveness.Answer.Kept() -> {}
          case Liveness.Answer.Broken(Lasso lasso) -> {
            if (!admitted.contains(promise.property())) {
              return Optional.of(new Verdict.Never(lasso));
            }
            loops.put(
                promise.property(),
                new Report.Witness(String.join("; ", lasso.waiting()), lasso.once()));
          }
          case Liveness.Answer.Undecided() -> undecided = true;
          case Liveness.Answer.Unfinished() -> {
            cut = Optional.of(cut.orElse("memory") + ", looking for loops");
            return Optional.of(bounded(search.level() - 1, 0));
          }
        }
      }
      return Optional.empty();
    }

    private Verdict atTheEnd() {
      List<String> missing =
          goals.stream().filter(goal -> !seen.containsKey(goal.name())).map(Goal::name).toList();
      return missing.isEmpty() ? new Verdict.Holds() : new Verdict.Vacuous(missing);
    }

    /** Asks all that is asked of each state. */
    private Optional<Verdict> checkLevel(int level) {
      List<Goal> open = goals.stream().filter(goal -> !seen.containsKey(goal.name())).toList();
      int[] numbers = new int[promises.size() + open.size()];
      for (int number = 0; number < numbers.length; number++) {
        numbers[number] =
            number < promises.size()
                ? number
                : promises.size() + goals.indexOf(open.get(number - promises.size()));
      }
      List<List<Search.Seen>> answers = search.ask(numbers, level);
      for (List<Search.Seen> violations : answers.subList(0, promises.size())) {
        Optional<Verdict> found = checkViolations(level, violations);
        if (found.isPresent()) {
          return found;
        }
      }
      for (int number = 0; number < open.size(); number++) {
        List<Search.Seen> witnesses = answers.get(promises.size() + number);
        if (!witnesses.isEmpty()) {
          Goal goal = open.get(number);
          seen.put(goal.name(), level);
          if (goal.ends()) {
            Report.Witness witness = witness(level, witnesses);
            return Optional.of(new Verdict.Found(goal.name(), witness.text(), witness.trace()));
          }
        }
      }
      return Optional.empty();
    }

    private Optional<Verdict> checkViolations(int level, List<Search.Seen> violations) {
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
        broken.putIfAbsent(each.getKey(), level);
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
      boolean wanted = !admitted.contains(model.answered());
      Map<List<?>, List<Search.Kept>> stuck = new LinkedHashMap<>();
      for (long[] state : search.ends()) {
        endStates++;
        Optional<Object> waiting = search.ask(waitingNumber, state);
        waiting
            .filter(_ -> wanted)
            .ifPresent(
                who ->
                    stuck
                        .computeIfAbsent((List<?>) who, _ -> new ArrayList<>())
                        .add(search.keep(state)));
        for (int number = 0; number < eventually.size(); number++) {
          if (search.ask(firstEventually() + number, state).isEmpty()) {
            missing.set(number);
          }
        }
        if (endings.isPresent()) {
          Object ending = search.ask(waitingNumber + 1, state).orElseThrow();
          Ended like = ended.computeIfAbsent(ending, _ -> new Ended(level));
          like.states++;
          if (like.level == level && like.nearest.size() < Paths.WEIGHED) {
            like.nearest.add(search.keep(state));
          }
        }
      }
      if (stuck.isEmpty()) {
        return Optional.empty();
      }
      search.fit();
      List<?> waiting = stuck.keySet().iterator().next();
      return Optional.of(
          new Verdict.Stuck(
              waiting.stream().map(Object::toString).toList(),
              new Paths(search)
                  .to(level, stuck.get(waiting).stream().map(Search.Kept::state).toList())
                  .trace()));
    }

    /** The states of a level that break a property. */
    private List<Search.Seen> breaking(String property, int level) {
      for (int number = 0; number < promises.size(); number++) {
        List<Search.Seen> violations =
            search.ask(number, level).stream()
                .filter(each -> ((Promise.Violation) each.answer()).property().equals(property))
                .toList();
        if (!violations.isEmpty()) {
          return violations;
        }
      }
      throw new IllegalStateException("nothing breaks " + property + " at level " + level);
    }

    /** The states of a level that show a goal. */
    private List<Search.Seen> showing(String name, int level) {
      int number = goals.stream().map(Goal::name).toList().indexOf(name);
      return search.ask(promises.size() + number, level);
    }

    // Going on another time.

    private void save(Checkpoint file) {
      try {
        file.write(this::write);
      } catch (IOException failure) {
        watcher.unsaved(failure);
      }
    }

    private void write(Checkpoint.Writer to) {
      to.text(reductions.toString());
      search.write(to);
      write(to, broken);
      write(to, seen);
      to.number(ended.size());
      for (Ended like : ended.values()) {
        to.number(like.level);
        to.number(like.states);
        to.number(like.nearest.size());
        like.nearest.forEach(each -> to.longs(each.state(), 0, each.state().length));
      }
      to.number(endStates);
      to.number(missing.length() == 0 ? 0 : missing.toLongArray()[0]);
      to.longs(new long[] {Double.doubleToLongBits(secondsBefore + seconds())}, 0, 1);
    }

    private static void write(Checkpoint.Writer to, SortedMap<String, Integer> levels) {
      to.number(levels.size());
      levels.forEach(
          (name, level) -> {
            to.text(name);
            to.number(level);
          });
    }

    /** Goes on from the checkpoint, if there is one: its level is checked already. */
    private boolean resume() {
      Optional<Checkpoint> file = checkpoint.filter(Checkpoint::exists);
      file.ifPresent(
          each ->
              each.read(
                  from -> {
                    if (!from.text().equals(reductions.toString())) {
                      throw each.otherOptions();
                    }
                    try {
                      read(from);
                    } catch (UncheckedIOException failure) {
                      throw failure;
                    } catch (RuntimeException otherwise) {
                      // The file is whole: whatever goes wrong, its states are not this model's.
                      throw each.changed(otherwise);
                    }
                  }));
      return file.isPresent();
    }

    private void read(Checkpoint.Reader from) {
      search.read(from);
      read(from, broken);
      read(from, seen);
      for (long kinds = from.number(); kinds > 0; kinds--) {
        Ended like = new Ended((int) from.number());
        like.states = from.number();
        for (long states = from.number(); states > 0; states--) {
          like.nearest.add(search.keep(search.state(from)));
        }
        Sight one = search.sight(like.nearest.getFirst().state());
        ended.put(endings.orElseThrow().apply(one), like);
      }
      endStates = from.number();
      missing.or(BitSet.valueOf(new long[] {from.number()}));
      long[] bits = new long[1];
      from.longs(bits, 0, 1);
      secondsBefore = Double.longBitsToDouble(bits[0]);
    }

    private static void read(Checkpoint.Reader from, SortedMap<String, Integer> levels) {
      for (long names = from.number(); names > 0; names--) {
        String name = from.text();
        levels.put(name, (int) from.number());
      }
    }

    private static List<long[]> nearest(Ended like) {
      return like.nearest.stream().map(Search.Kept::state).toList();
    }

    private Report report(Verdict verdict) {
      Store store = search.store();
      long states = store.size();
      List<Report.Ending> endings = new ArrayList<>();
      ended.forEach(
          (what, like) ->
              endings.add(
                  new Report.Ending(
                      what, like.states, new Paths(search).to(like.level, nearest(like)).trace())));
      List<String> properties =
          Stream.concat(
                  promises.stream().flatMap(promise -> promise.properties().stream()),
                  model.eventually().stream().map(Eventually::property))
              .distinct()
              .toList();
      int levels = store.levels();
      SortedMap<String, Report.Witness> admittedWitnesses = new TreeMap<>(loops);
      broken.forEach(
          (property, level) ->
              admittedWitnesses.put(property, witness(level, breaking(property, level))));
      SortedMap<String, Report.Witness> seenWitnesses = new TreeMap<>();
      seen.forEach((goal, level) -> seenWitnesses.put(goal, witness(level, showing(goal, level))));
      return new Report(
          verdict,
          properties,
          states,
          search.transitions(),
          store.size(levels - 1) == 0 ? levels - 1 : levels,
          endStates,
          secondsBefore + seconds(),
          (double) store.bytes() / states,
          workers,
          search.decided(),
          search.space().bits(),
          search.space().sizes(),
          admittedWitnesses,
          seenWitnesses,
          endings,
          aspects.map(counted -> SearchCoverage.of(search, counted, promises, goals)));
    }
  }
}
