package dev.faultline.explore;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A breadth-first search through all states of a model, with an exact set of the states seen.
 *
 * <p>A level is expanded in chunks: in parallel as far as the memo knows what the actors do, then
 * what it does not know is learned, in order, by one thread. So states get the same places in the
 * same order, whatever the number of workers.
 */
final class Search {

  /** What is asked of states as they come. */
  private static final class Question {
    final Function<Sight, Optional<?>> seen;
    final List<Object> answers = new ArrayList<>();
    int root;

    Question(Function<Sight, Optional<?>> seen) {
      this.seen = seen;
    }

    /** 0 for nothing, else 1 + the place of what it says. */
    int number(Object answer) {
      if (((Optional<?>) answer).isEmpty()) {
        return 0;
      }
      Object said = ((Optional<?>) answer).get();
      int known = answers.indexOf(said);
      if (known < 0) {
        answers.add(said);
        return answers.size();
      }
      return known + 1;
    }
  }

  private final Model model;
  private final Space space;
  private final Workers workers;
  private final Orbits orbits;
  private final boolean partialOrder;
  private final Memo memo;
  private Outcomes outcomes;
  private List<Actor> actors = List.of();
  private int[] roots = new int[0];
  private int actorsFor;
  private Store store;
  private final List<Question> questions = new ArrayList<>();
  private long rewrites;

  /** The counts of one level. */
  private long levelTransitions;

  private long levelLeft;
  private long transitions;
  private final List<long[]> levelEnds = new ArrayList<>();
  private int chunk = 64;

  Search(
      Model model,
      Reductions reductions,
      Workers workers,
      List<Function<Sight, Optional<?>>> asked) {
    this.model = model;
    this.workers = workers;
    this.space = new Space(model.slots());
    asked.forEach(each -> questions.add(new Question(each)));
    Map<Slot<?>, Object> first = new LinkedHashMap<>();
    model.start(
        new Moves.Change() {
          @Override
          public <T> void set(Slot<T> slot, T value) {
            first.put(slot, value);
          }
        });
    first.forEach((slot, value) -> space.number(space.index(slot), value));
    this.memo = new Memo(space);
    this.orbits = new Orbits(space, reductions.symmetry() ? model.symmetries() : List.of());
    this.partialOrder = reductions.partialOrder();
    orbits.extend();
    long[] start = space.write(first);
    this.store = new Store(space.words());
    this.outcomes = new Outcomes(space.words());
    call();
    store.beginLevel();
    store.insert(start);
    workers.begin(orbits);
  }

  /** Finds all that can act, now that more slots may be known. */
  private void call() {
    actors = model.actors(List.copyOf(space.slots()));
    roots = new int[actors.size()];
    for (int actor = 0; actor < roots.length; actor++) {
      roots[actor] = memo.root(actors.get(actor), answer -> outcomes.write(space, answer));
    }
    questions.forEach(question -> question.root = memo.root(question, question::number));
  }

  Space space() {
    return space;
  }

  Store store() {
    return store;
  }

  List<Actor> actors() {
    return actors;
  }

  long transitions() {
    return transitions;
  }

  /** How often a model's function was run. */
  long decided() {
    return memo.learned();
  }

  long rewrites() {
    return rewrites;
  }

  long memoBytes() {
    return memo.bytes() + outcomes.bytes();
  }

  /** The last level that has begun; its states are not expanded yet. */
  int level() {
    return store.levels() - 1;
  }

  // Expanding.

  /** The states of a level in which nobody can move, as they are written now. */
  List<long[]> ends() {
    return levelEnds;
  }

  /**
   * Expands the last level; what it leads to is the next.
   *
   * @param enough asked now and then, whether to stop
   * @return how many states of the level were left unexpanded
   */
  long expand(BooleanSupplier enough) {
    int level = level();
    store.beginLevel();
    while (!tryExpand(level, enough)) {
      rewrite();
    }
    transitions += levelTransitions;
    return levelLeft;
  }

  private void rewrite() {
    rewrites++;
    int slots = space.laid().size();
    Space.Layout before = space.grow();
    store = store.rewritten(space, before);
    outcomes = new Outcomes(space.words());
    memo.relearn(space.laid().size() > slots);
    call();
  }

  /** Expands a level as far as states can be written; whether to the end. */
  private boolean tryExpand(int level, BooleanSupplier enough) {
    levelTransitions = 0;
    levelLeft = store.size(level);
    levelEnds.clear();
    int region = 0;
    int index = store.start(level, 0);
    while (region < Store.REGIONS) {
      List<Span> spans = new ArrayList<>();
      int left = chunk;
      while (left > 0 && region < Store.REGIONS) {
        int end = Math.min(store.end(level, region), index + left);
        if (end > index) {
          spans.add(new Span(region, index, end));
          left -= end - index;
          index = end;
        }
        if (index >= store.end(level, region)) {
          region++;
          index = region < Store.REGIONS ? store.start(level, region) : 0;
        }
      }
      if (!expand(spans)) {
        return false;
      }
      levelLeft -= count(spans);
      if (levelLeft > 0 && enough.getAsBoolean()) {
        return true;
      }
    }
    return true;
  }

  /** Some states of one region, in order. */
  private record Span(int region, int from, int to) {}

  private static int count(List<Span> spans) {
    return spans.stream().mapToInt(span -> span.to() - span.from()).sum();
  }

  private boolean expand(List<Span> spans) {
    List<List<Span>> shares = share(spans);
    List<Expansion> parts = new ArrayList<>();
    for (int share = 0; share < shares.size(); share++) {
      parts.add(workers.expansion(share));
    }
    workers.run(
        shares.size(),
        share ->
            parts.get(share).run(store, memo, outcomes, roots, partialOrder, shares.get(share)));
    insert(parts);
    int missed = 0;
    for (Expansion part : parts) {
      levelTransitions += part.transitions;
      part.ends.forEach(this::addEnd);
      missed += part.missed.size();
    }
    Expansion late = workers.late();
    late.clear();
    for (Expansion part : parts) {
      for (long state : part.missed) {
        learn(late, (int) (state >>> 32), (int) state);
      }
    }
    insert(List.of(late));
    levelTransitions += late.transitions;
    late.ends.forEach(this::addEnd);
    int total = count(spans);
    if (missed * 64 < total && chunk < 1 << 17) {
      chunk *= 2;
    }
    return !space.isOutgrown();
  }

  private void addEnd(long[] end) {
    levelEnds.add(end);
  }

  /** Divides spans among the workers, in order. */
  private List<List<Span>> share(List<Span> spans) {
    int total = count(spans);
    int count = total < 256 ? 1 : workers.count();
    List<List<Span>> shares = new ArrayList<>();
    int done = 0;
    List<Span> current = new ArrayList<>();
    for (Span span : spans) {
      int from = span.from();
      while (from < span.to()) {
        int limit = (int) ((long) total * (shares.size() + 1) / count);
        int to = Math.min(span.to(), from + limit - done);
        current.add(new Span(span.region(), from, to));
        done += to - from;
        from = to;
        if (done == limit) {
          shares.add(current);
          current = new ArrayList<>();
        }
      }
    }
    return shares;
  }

  private void insert(List<Expansion> parts) {
    int shares = workers.count();
    workers.run(
        shares,
        share -> {
          for (int region = share; region < Store.REGIONS; region += shares) {
            for (Expansion part : parts) {
              store.regions[region].insert(
                  part.buffers.states[region], 0, part.buffers.length[region]);
            }
          }
        });
    parts.forEach(part -> part.buffers.clear());
  }

  /** Expands a state of which something is not known, and learns it. */
  private void learn(Expansion late, int region, int index) {
    long[] states = store.regions[region].block(index);
    int at = store.regions[region].offset(index);
    for (int actor = 0; actor < roots.length; actor++) {
      if (memo.walk(roots[actor], states, at) < 0) {
        Outcomes.learn(memo, space, actors.get(actor), states, at);
      }
    }
    orbits.extend();
    if (!space.isOutgrown()) {
      late.expand(memo.tree(), outcomes, roots, partialOrder, states, at, region, index);
    }
  }

  /** A part of a level at the hands of one worker. */
  static final class Expansion {
    final Buffers buffers = new Buffers();
    Orbits.@Nullable Room room;
    final List<Long> missed = new ArrayList<>();
    final List<long[]> ends = new ArrayList<>();
    long transitions;
    private long[] next = new long[64];
    private int[] found = new int[64];

    void clear() {
      missed.clear();
      ends.clear();
      transitions = 0;
    }

    void run(
        Store store,
        Memo memo,
        Outcomes outcomes,
        int[] roots,
        boolean partialOrder,
        List<Span> spans) {
      clear();
      long[] tree = memo.tree();
      for (Span span : spans) {
        Region region = store.regions[span.region()];
        for (int index = span.from(); index < span.to(); index++) {
          expand(
              tree,
              outcomes,
              roots,
              partialOrder,
              region.block(index),
              region.offset(index),
              span.region(),
              index);
        }
      }
    }

    void expand(
        long[] tree,
        Outcomes outcomes,
        int[] roots,
        boolean partialOrder,
        long[] states,
        int at,
        int region,
        int index) {
      if (found.length < roots.length) {
        found = new int[2 * roots.length];
      }
      int count = 0;
      for (int root : roots) {
        long x = Memo.walk(tree, root, states, at);
        if (x == 0) {
          missed.add((long) region << 32 | index);
          return;
        }
        if (x != ~0L) {
          found[count++] = (int) ~x;
        }
      }
      if (count == 0) {
        ends.add(Arrays.copyOfRange(states, at, at + outcomes.words()));
        return;
      }
      for (int each = 0; partialOrder && each < count; each++) {
        if (outcomes.commutes(found[each])) {
          found[0] = found[each];
          count = 1;
        }
      }
      for (int each = 0; each < count; each++) {
        transitions += outcomes.follow(found[each], states, at, next, room, buffers);
      }
    }
  }

  /**
   * All that can be done in a state, learned now where it is not known.
   *
   * @param found takes the place of the actor, the place of its outcome, and the state after it
   */
  void successors(long[] states, int at, Found found) {
    long[] next = new long[space.words()];
    for (int actor = 0; actor < roots.length; actor++) {
      int list = memo.walk(roots[actor], states, at);
      if (list < 0) {
        Outcomes.learn(memo, space, actors.get(actor), states, at);
        list = memo.walk(roots[actor], states, at);
      }
      for (int outcome = 0; outcome < outcomes.count(list); outcome++) {
        outcomes.follow(list, outcome, states, at, next);
        canonical(next);
        found.take(actor, outcome, next);
      }
    }
  }

  /** Puts the state that is kept in the place of one that is like it. */
  void canonical(long[] state) {
    if (!orbits.isTrivial()) {
      orbits.new Room().canonical(state);
    }
  }

  /** Writes the values of slots as a state; the others hold what they hold in another state. */
  long[] changed(long[] state, Map<Slot<?>, Object> values) {
    long[] next = state.clone();
    values.forEach(
        (slot, value) -> {
          int index = space.index(slot);
          long both = space.number(index, value) ^ space.numberIn(state, 0, index);
          next[space.word(index)] ^= both << space.shift(index);
        });
    return next;
  }

  /** Takes a state that another leads to. */
  interface Found {
    void take(int actor, int outcome, long[] next);
  }

  /** A sight of a state. */
  Sight sight(long[] state) {
    return Memo.plain(space, state, 0);
  }

  // Asking.

  /**
   * What a question says of the states of a level, those it says something of, in order.
   *
   * @param limit so many are enough
   */
  List<Seen> ask(int number, int level, int limit) {
    Question question = questions.get(number);
    while (true) {
      List<Seen> seen = new ArrayList<>();
      askAll(question, level, limit, seen);
      if (!space.isOutgrown()) {
        return seen;
      }
      rewrite();
    }
  }

  /** What a question says of one state, if it says something. */
  Optional<Object> ask(int number, long[] state) {
    Question question = questions.get(number);
    int answer = memo.walk(question.root, state, 0);
    if (answer < 0) {
      Memo.Learning learning = memo.learn(question, state, 0);
      Optional<?> said = question.seen.apply(learning);
      learning.answer(said);
      answer = question.number(said);
    }
    return answer == 0 ? Optional.empty() : Optional.of(question.answers.get(answer - 1));
  }

  /** A state of which a question says something. */
  record Seen(long[] state, Object answer) {}

  private void askAll(Question question, int level, int limit, List<Seen> seen) {
    int shares = workers.count();
    List<List<Long>> told = new ArrayList<>();
    for (int region = 0; region < Store.REGIONS; region++) {
      told.add(new ArrayList<>());
    }
    long[] tree = memo.tree();
    workers.run(
        shares,
        share -> {
          for (int region = share; region < Store.REGIONS; region += shares) {
            Region states = store.regions[region];
            int end = store.end(level, region);
            for (int index = store.start(level, region); index < end; index++) {
              long x = Memo.walk(tree, question.root, states.block(index), states.offset(index));
              if (x != ~0L) {
                told.get(region).add((long) index);
              }
            }
          }
        });
    for (int region = 0; region < Store.REGIONS; region++) {
      for (long index : told.get(region)) {
        long[] states = store.regions[region].block((int) index);
        int at = store.regions[region].offset((int) index);
        int answer = memo.walk(question.root, states, at);
        if (answer < 0) {
          Memo.Learning learning = memo.learn(question, states, at);
          Optional<?> said = question.seen.apply(learning);
          learning.answer(said);
          answer = question.number(said);
        }
        if (answer > 0 && seen.size() < limit) {
          seen.add(
              new Seen(
                  Arrays.copyOfRange(states, at, at + space.words()),
                  question.answers.get(answer - 1)));
        }
      }
    }
  }
}
