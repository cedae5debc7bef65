package dev.faultline.explore;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

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
  private Gates gates;
  private final Map<Actor, Set<List<Outcomes.Written>>> makes = new LinkedHashMap<>();
  private Store store;
  private final List<Question> questions = new ArrayList<>();
  private long rewrites;

  /** Where in a level the search is, and the counts of what comes before. */
  private boolean within;

  private int region;
  private int index;
  private long levelTransitions;

  private long levelLeft;
  private long transitions;
  private final List<long[]> levelEnds = new ArrayList<>();
  private final List<Kept> kept = new ArrayList<>();

  /** So many states are expanded before what they need is learned; grows as less is to learn. */
  int chunk = 64;

  int largestChunk = 1 << 17;

  /** Fewer states than these are not worth to be divided among workers. */
  int shared = 256;

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
    gates = new Gates(memo, space, roots);
  }

  Space space() {
    return space;
  }

  Store store() {
    return store;
  }

  Memo memo() {
    return memo;
  }

  /** Where the memo keeps what each actor does. */
  int[] roots() {
    return roots;
  }

  List<Actor> actors() {
    return actors;
  }

  long transitions() {
    return within ? transitions + levelTransitions : transitions;
  }

  /** What the search knows of what actors do, as it is now. */
  Expansion.Rules rules() {
    return new Expansion.Rules(memo.tree(), outcomes, roots, gates, partialOrder);
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

  /** The level that is expanded now or next. */
  int level() {
    return store.levels() - (within ? 2 : 1);
  }

  /** So many states were seen, and not what they lead to. */
  long unexpanded() {
    return within ? levelLeft + store.size(level() + 1) : store.size(level());
  }

  /** A state that will be asked for later; it is written as states are written then. */
  static final class Kept {
    private long[] state;

    private Kept(long[] state) {
      this.state = state;
    }

    long[] state() {
      return state;
    }
  }

  /** Keeps a state of those that are seen now. */
  Kept keep(long[] state) {
    Kept one = new Kept(state);
    kept.add(one);
    return one;
  }

  /**
   * Writes all states anew if there are no bits for what was asked for: until then nothing more is
   * learned of them. What is kept is written so too, and nothing else that was handed out.
   */
  void fit() {
    if (space.isOutgrown()) {
      rewrite();
    }
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
    if (!within) {
      store.beginLevel();
      enter(level);
    }
    while (!tryExpand(level, enough)) {
      rewrite();
      enter(level);
    }
    within = false;
    transitions += levelTransitions;
    return levelLeft;
  }

  private void enter(int level) {
    within = true;
    region = 0;
    index = store.start(level, 0);
    levelTransitions = 0;
    levelLeft = store.size(level);
    levelEnds.clear();
  }

  private void rewrite() {
    rewrites++;
    int slots = space.laid().size();
    Space.Layout before = space.grow();
    store = store.rewritten(space, before);
    for (Kept each : kept) {
      long[] state = new long[space.words()];
      space.rewrite(before, each.state, 0, state);
      each.state = state;
    }
    outcomes = new Outcomes(space.words());
    memo.relearn(space.laid().size() > slots);
    call();
  }

  /** Expands a level as far as states can be written; whether to the end. */
  private boolean tryExpand(int level, BooleanSupplier enough) {
    while (region < Store.REGIONS) {
      List<Expansion.Span> spans = new ArrayList<>();
      int left = chunk;
      while (left > 0 && region < Store.REGIONS) {
        int end = Math.min(store.end(level, region), index + left);
        if (end > index) {
          spans.add(new Expansion.Span(region, index, end));
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

  private static int count(List<Expansion.Span> spans) {
    return spans.stream().mapToInt(span -> span.to() - span.from()).sum();
  }

  private boolean expand(List<Expansion.Span> spans) {
    List<List<Expansion.Span>> shares = share(spans);
    List<Expansion> parts = new ArrayList<>();
    for (int share = 0; share < shares.size(); share++) {
      parts.add(workers.expansion(share));
    }
    gates = new Gates(memo, space, roots);
    Expansion.Rules rules = rules();
    workers.run(shares.size(), share -> parts.get(share).run(store, rules, shares.get(share)));
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
    if (missed * 64 < total && chunk < largestChunk) {
      chunk *= 2;
    }
    return !space.isOutgrown();
  }

  private void addEnd(long[] end) {
    levelEnds.add(end);
  }

  /** Divides spans among the workers, in order. */
  private List<List<Expansion.Span>> share(List<Expansion.Span> spans) {
    int total = count(spans);
    int count = total < shared ? 1 : workers.count();
    List<List<Expansion.Span>> shares = new ArrayList<>();
    int done = 0;
    List<Expansion.Span> current = new ArrayList<>();
    for (Expansion.Span span : spans) {
      int from = span.from();
      while (from < span.to()) {
        int limit = (int) ((long) total * (shares.size() + 1) / count);
        int to = Math.min(span.to(), from + limit - done);
        current.add(new Expansion.Span(span.region(), from, to));
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
    eachRegion(
        region -> {
          for (Expansion part : parts) {
            store.regions[region].insert(
                part.buffers.states[region], 0, part.buffers.length[region]);
          }
        });
    parts.forEach(part -> part.buffers.clear());
  }

  /** Expands a state of which something is not known, and learns it. */
  private void learn(Expansion late, int region, int index) {
    long[] states = store.regions[region].block(index);
    int at = store.regions[region].offset(index);
    learn(states, at);
    learnImages();
    if (!space.isOutgrown()) {
      late.expand(rules(), states, at, region, index);
    }
  }

  private void learn(Actor actor, long[] states, int at) {
    makes
        .computeIfAbsent(actor, _ -> new LinkedHashSet<>())
        .addAll(Outcomes.learn(memo, space, actor, states, at).moves());
  }

  /** The moves that can be made again and again, as far as each slot alone tells. */
  Set<List<Outcomes.Written>> recurring() {
    Set<List<Outcomes.Written>> moves = new LinkedHashSet<>();
    makes.values().forEach(moves::addAll);
    return Recurring.of(moves, orbits);
  }

  /** Where the memo keeps what those actors do who have one of some moves. */
  int[] rootsOf(Set<List<Outcomes.Written>> some) {
    return IntStream.range(0, roots.length)
        .filter(
            actor ->
                makes.getOrDefault(actors.get(actor), Set.of()).stream().anyMatch(some::contains))
        .map(actor -> roots[actor])
        .toArray();
  }

  /** The same as {@link #rules()}, for some actors; no step is left out. */
  Expansion.Rules rules(int[] some) {
    return new Expansion.Rules(memo.tree(), outcomes, some, new Gates(memo, space, some), false);
  }

  Outcomes outcomes() {
    return outcomes;
  }

  /** Learns what is not known of what can be done in a state. */
  void learn(long[] states, int at) {
    for (int actor = 0; actor < roots.length; actor++) {
      if (memo.walk(roots[actor], states, at) < 0) {
        learn(actors.get(actor), states, at);
      }
    }
  }

  private void learnImages() {
    if (!orbits.isTrivial()) {
      memo.course().images();
      orbits.extend();
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
        learn(actors.get(actor), states, at);
        list = memo.walk(roots[actor], states, at);
      }
      for (int outcome = 0; outcome < outcomes.count(list); outcome++) {
        outcomes.follow(list, outcome, states, at, next);
        canonical(next);
        found.take(actor, outcome, next);
      }
    }
  }

  /** The same, without the steps that the search leaves out. */
  void kept(long[] states, int at, Found found) {
    int[] early = {-1};
    for (int actor = 0; partialOrder && early[0] < 0 && actor < roots.length; actor++) {
      int list = memo.walk(roots[actor], states, at);
      early[0] = list > 0 && outcomes.commutes(list) ? actor : -1;
    }
    successors(
        states,
        at,
        (actor, outcome, next) -> {
          if (early[0] < 0 || early[0] == actor) {
            found.take(actor, outcome, next);
          }
        });
  }

  /** Whether states or steps may have been left out. */
  boolean isReduced() {
    return !orbits.isTrivial() || partialOrder && outcomes.anyCommutes();
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

  /** Asks something more of states; the number by which it is asked. */
  int add(Function<Sight, Optional<?>> asked) {
    Question question = new Question(asked);
    question.root = memo.root(question, question::number);
    questions.add(question);
    return questions.size() - 1;
  }

  /** Learns what an actor does in a state, unless there are values for which there are no bits. */
  void learn(int actor, long[] states, int at) {
    learn(actors.get(actor), states, at);
  }

  /** A sight of a state. */
  Sight sight(long[] state) {
    return Memo.plain(space, state, 0);
  }

  int workers() {
    return workers.count();
  }

  /** What a single thread may expand states with. */
  Expansion late() {
    return workers.late();
  }

  /** Does something with each region, shared among the workers. */
  void eachRegion(IntConsumer work) {
    int shares = workers.count();
    workers.run(
        shares,
        share -> {
          for (int region = share; region < Store.REGIONS; region += shares) {
            work.accept(region);
          }
        });
  }

  /** A worker's share of some work, and what it may do it with. */
  interface Share {
    void take(int share, int shares, Expansion expansion);
  }

  /** Does a work in shares, one a worker. */
  void eachShare(Share work) {
    int shares = workers.count();
    workers.run(shares, share -> work.take(share, shares, workers.expansion(share)));
  }

  // Going on another time.

  /** Writes all that a search has to know to go on; between two chunks of a level, or levels. */
  void write(Checkpoint.Writer to) {
    memo.course().write(to);
    to.number(sum());
    store.write(to);
    to.number(transitions);
    to.number(chunk);
    to.number(within ? 1 : 0);
    to.number(region);
    to.number(index);
    to.number(levelTransitions);
    to.number(levelLeft);
    to.number(levelEnds.size());
    levelEnds.forEach(end -> to.longs(end, 0, end.length));
  }

  /** A number that is alike in searches that have learned the same from the same model. */
  private long sum() {
    return Course.sum(Course.sum(memo.sum(), outcomes.sum()), space.sum());
  }

  /** Goes on where another search was, whose model answers as this one's does. */
  void read(Checkpoint.Reader from) {
    learn(Course.read(from));
    if (from.number() != sum()) {
      throw new IllegalStateException("the model answers otherwise");
    }
    store = Store.read(from, space.words());
    transitions = from.number();
    chunk = (int) from.number();
    within = from.number() == 1;
    region = (int) from.number();
    index = (int) from.number();
    levelTransitions = from.number();
    levelLeft = from.number();
    for (long ends = from.number(); ends > 0; ends--) {
      levelEnds.add(state(from));
    }
  }

  /** Reads one state. */
  long[] state(Checkpoint.Reader from) {
    long[] state = new long[space.words()];
    from.longs(state, 0, state.length);
    return state;
  }

  /** Lets the model teach the memo once more what it has taught another. */
  private void learn(Course course) {
    List<Course.Stage> stages = course.stages();
    for (int number = 0; number < stages.size(); number++) {
      if (number > 0) {
        rewrite();
      }
      stages.get(number).give(pupil);
    }
  }

  private final Course.Pupil pupil =
      new Course.Pupil() {
        @Override
        public void lesson(int number, long[] state) {
          Object function = memo.function(number);
          if (function instanceof Question question) {
            learn(question, state, 0);
          } else {
            learn((Actor) function, state, 0);
          }
        }

        @Override
        public void images() {
          learnImages();
        }
      };

  // Asking.

  /** What a question says of a state, by number, learned now. */
  private int learn(Question question, long[] states, int at) {
    Memo.Learning learning = memo.learn(question, states, at);
    Optional<?> said = question.seen.apply(learning);
    learning.answer(said);
    return question.number(said);
  }

  /**
   * What questions say of the states of a level: of each question the states of which it says
   * something, in order.
   *
   * @param numbers the questions
   */
  List<List<Seen>> ask(int[] numbers, int level) {
    while (true) {
      List<List<Seen>> seen = new ArrayList<>();
      for (int number = 0; number < numbers.length; number++) {
        seen.add(new ArrayList<>());
      }
      ask(numbers, level, seen);
      if (!space.isOutgrown()) {
        return seen;
      }
      rewrite();
    }
  }

  /** What one question says of the states of a level, those of which it says something. */
  List<Seen> ask(int number, int level) {
    return ask(new int[] {number}, level).getFirst();
  }

  /** A state of a region of which a question says something, or may. */
  private record Told(int question, int index) {}

  private void ask(int[] numbers, int level, List<List<Seen>> seen) {
    List<List<Told>> told = new ArrayList<>();
    for (int region = 0; region < Store.REGIONS; region++) {
      told.add(new ArrayList<>());
    }
    long[] tree = memo.tree();
    int[] asked = Arrays.stream(numbers).map(number -> questions.get(number).root).toArray();
    eachRegion(region -> ask(tree, asked, level, region, told.get(region)));
    for (int region = 0; region < Store.REGIONS; region++) {
      for (Told each : told.get(region)) {
        long[] states = store.regions[region].block(each.index());
        int at = store.regions[region].offset(each.index());
        Question question = questions.get(numbers[each.question()]);
        int answer = answer(question, states, at);
        if (answer > 0) {
          seen.get(each.question())
              .add(
                  new Seen(
                      Arrays.copyOfRange(states, at, at + space.words()),
                      question.answers.get(answer - 1)));
        }
      }
    }
  }

  private void ask(long[] tree, int[] asked, int level, int region, List<Told> told) {
    Region states = store.regions[region];
    int end = store.end(level, region);
    for (int index = store.start(level, region); index < end; index++) {
      long[] block = states.block(index);
      int at = states.offset(index);
      for (int question = 0; question < asked.length; question++) {
        if (Memo.walk(tree, asked[question], block, at) != ~0L) {
          told.add(new Told(question, index));
        }
      }
    }
  }

  private int answer(Question question, long[] states, int at) {
    int known = memo.walk(question.root, states, at);
    if (known >= 0) {
      return known;
    }
    return learn(question, states, at);
  }

  /** What a question says of one state, if it says something. */
  Optional<Object> ask(int number, long[] state) {
    Question question = questions.get(number);
    int answer = answer(question, state, 0);
    return answer == 0 ? Optional.empty() : Optional.of(question.answers.get(answer - 1));
  }

  /** A state of which a question says something. */
  record Seen(long[] state, Object answer) {}
}
