package dev.faultline.explore;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Walks through a model again and again, from the first state on, and checks each state it comes
 * by. What it finds is there; of what it does not find nothing is known. That something comes about
 * in the end is asked only where nobody can move.
 */
public final class Sampler {

  /** So many walks at random tell how long a walk is, where changes of priorities are placed. */
  static final long PILOTS = 16;

  /** A walk takes no more steps than these, if no bound says so. */
  private static final int STEPS = 10_000;

  private final Model model;
  private final List<Promise> promises;
  private final List<Goal> goals;
  private final Set<String> admitted;
  private final Optional<Function<Sight, Object>> endings;
  private final Optional<Aspects> aspects;

  /**
   * What is sampled, and what for.
   *
   * @param goals what is looked for
   * @param admitted properties that are known to break: told, and no reason to stop
   * @param endings how a state in which nobody can move is told from others, if that is asked
   * @param aspects what coverage counts, if that is asked
   */
  public Sampler(
      Model model,
      List<Goal> goals,
      Set<String> admitted,
      Optional<Function<Sight, Object>> endings,
      Optional<Aspects> aspects) {
    this.model = model;
    this.promises = model.promises();
    this.goals = List.copyOf(goals);
    this.admitted = new TreeSet<>(admitted);
    this.endings = endings;
    this.aspects = aspects;
  }

  /**
   * Walks until something is found or a bound is reached.
   *
   * @param walks so many at most
   * @param bounds depth: steps of a walk; memory: of the states that are counted
   */
  public Sample sample(
      Strategy strategy, long seed, long walks, Bounds bounds, Explorer.Watcher watcher) {
    return new Run(strategy, seed, walks, bounds, watcher).walkAll();
  }

  /** A sample being taken. */
  private final class Run {
    private final Ground ground;
    private final Strategy strategy;
    private final long seed;
    private final long walks;
    private final int steps;
    private final Bounds bounds;
    private final Explorer.Watcher watcher;
    private final long start = System.nanoTime();
    private final SortedMap<String, Report.Witness> broken = new TreeMap<>();
    private final SortedMap<String, Report.Witness> seen = new TreeMap<>();
    private final Map<Object, Sample.Ending> ended = new LinkedHashMap<>();
    private final Coverage.Tally states = new Coverage.Tally();
    private List<PlainState.Taken> path = List.of();
    private long begun;
    private long taken;
    private long longest;
    private long expected;
    private long ends;
    private long cut;
    private String why = "walks";

    Run(Strategy strategy, long seed, long walks, Bounds bounds, Explorer.Watcher watcher) {
      List<Function<Sight, Optional<?>>> questions = new ArrayList<>();
      promises.forEach(promise -> questions.add(promise::violation));
      goals.forEach(goal -> questions.add(sight -> goal.seen().apply(sight)));
      questions.add(
          sight -> {
            List<String> waiting = model.waiting(sight);
            return waiting.isEmpty() ? Optional.empty() : Optional.of(waiting);
          });
      endings.ifPresent(ending -> questions.add(sight -> Optional.of(ending.apply(sight))));
      this.ground = new Ground(model, questions, bounds.memoryBytes(), aspects);
      this.strategy = strategy;
      this.seed = seed;
      this.walks = walks;
      this.bounds = bounds;
      this.steps = bounds.depth() == Integer.MAX_VALUE ? STEPS : bounds.depth();
      this.watcher = watcher;
    }

    private double seconds() {
      return (System.nanoTime() - start) / 1e9;
    }

    Sample walkAll() {
      while (begun < walks && !stops()) {
        Optional<Verdict> found = walk(begun++);
        if (found.isPresent()) {
          return sample(found.get(), Optional.of(begun - 1));
        }
      }
      return sample(
          new Verdict.Sampled(
              begun, taken, ground.distinctAtLeast(), ground.distinct().isPresent(), why),
          Optional.empty());
    }

    /** Whether something else than the number of walks ends the sample. */
    private boolean stops() {
      watcher.at(
          new Explorer.Progress(ground.distinctAtLeast(), (int) longest, begun, 0, seconds()));
      if (watcher.stops()) {
        why = Explorer.STOPPED;
        return true;
      }
      if (seconds() * 1000 > bounds.milliseconds()) {
        why = "time";
        return true;
      }
      return false;
    }

    private Picker picker(long walk) {
      Dice dice = new Dice(seed).of(walk);
      boolean learns = walk < PILOTS && !(strategy instanceof Strategy.Random);
      return Picker.of(learns ? new Strategy.Random() : strategy, dice, expected);
    }

    private Optional<Verdict> walk(long walk) {
      Picker picker = picker(walk);
      path = new ArrayList<>();
      ground.restart();
      while (true) {
        Optional<Verdict> found = check();
        longest = Math.max(longest, path.size());
        if (found.isPresent()) {
          return found;
        }
        List<Picker.Candidate> open = ground.open();
        if (open.isEmpty()) {
          expect(walk);
          return end();
        }
        if (path.size() >= steps) {
          expect(walk);
          cut++;
          return Optional.empty();
        }
        List<Picker.Candidate> allowed = picker.allowed(path.size() + 1L, open);
        if (allowed.isEmpty()) {
          return Optional.empty();
        }
        Picker.Candidate picked = allowed.get(picker.pick(path.size() + 1L, allowed));
        path.add(new PlainState.Taken(ground.actor(picked.actor()), picked.outcome()));
        if (!ground.go(picked)) {
          picker.circled(picked.thread());
        }
        taken++;
        if (taken % 4096 == 0 && stops()) {
          return Optional.empty();
        }
      }
    }

    private void expect(long walk) {
      if (walk < PILOTS) {
        expected = Math.max(expected, path.size());
      }
    }

    /** Asks all that is asked of each state. */
    private Optional<Verdict> check() {
      for (int number = 0; number < promises.size(); number++) {
        Optional<Object> violation = ground.ask(number);
        if (aspects.isPresent()) {
          promises.get(number).properties().forEach(each -> count(Coverage.Kind.CHECKED, each));
        }
        if (violation.isPresent()) {
          Promise.Violation told = (Promise.Violation) violation.get();
          count(Coverage.Kind.BROKEN, told.property());
          if (!admitted.contains(told.property())) {
            return Optional.of(new Verdict.Broken(told.property(), told.text(), trace()));
          }
          if (!broken.containsKey(told.property())) {
            broken.put(told.property(), new Report.Witness(told.text(), trace()));
          }
        }
      }
      for (int number = 0; number < goals.size(); number++) {
        Goal goal = goals.get(number);
        Optional<Object> witness = ground.ask(promises.size() + number);
        if (witness.isPresent()) {
          count(Coverage.Kind.GOAL, goal.name());
          if (goal.ends()) {
            return Optional.of(new Verdict.Found(goal.name(), witness.get().toString(), trace()));
          }
          if (!seen.containsKey(goal.name())) {
            seen.put(goal.name(), new Report.Witness(witness.get().toString(), trace()));
          }
        }
      }
      return Optional.empty();
    }

    private void count(Coverage.Kind kind, String name) {
      if (aspects.isPresent()) {
        states.add(new Coverage.Aspect(kind, name), 1);
      }
    }

    private Trace trace() {
      return PlainState.trace(model, path);
    }

    /** Looks at a state in which nobody can move. */
    private Optional<Verdict> end() {
      ends++;
      int waitingNumber = promises.size() + goals.size();
      if (endings.isPresent()) {
        Object ending = ground.ask(waitingNumber + 1).orElseThrow();
        Sample.Ending before = ended.get(ending);
        ended.put(
            ending,
            before == null
                ? new Sample.Ending(ending, 1, trace())
                : new Sample.Ending(ending, before.walks() + 1, before.trace()));
      }
      Optional<Object> waiting = ground.ask(waitingNumber);
      if (waiting.isEmpty() || admitted.contains(model.answered())) {
        return Optional.empty();
      }
      return Optional.of(
          new Verdict.Stuck(
              ((List<?>) waiting.get()).stream().map(Object::toString).toList(), trace()));
    }

    private Sample sample(Verdict verdict, Optional<Long> foundIn) {
      return new Sample(
          verdict,
          strategy,
          seed,
          foundIn,
          promises.stream().flatMap(promise -> promise.properties().stream()).distinct().toList(),
          begun,
          taken,
          longest,
          expected,
          ground.distinctAtLeast(),
          ground.distinct().isPresent(),
          ground.threads(),
          ends,
          cut,
          ground.decided(),
          seconds(),
          broken,
          seen,
          goals.stream().map(Goal::name).filter(name -> !seen.containsKey(name)).toList(),
          List.copyOf(ended.values()),
          aspects.map(this::coverage));
    }

    private Coverage coverage(Aspects counted) {
      states.addAll(ground.tally());
      return states.against(Coverage.all(counted, promises, goals));
    }
  }
}
