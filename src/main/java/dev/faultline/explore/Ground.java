package dev.faultline.explore;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;

/**
 * Where a walk is: one state of a model, that goes from step to step. Decisions are remembered by
 * what they read, as in a search; states are counted, and not gone back to.
 */
final class Ground {

  /** More decisions than these are not remembered; then it begins to learn anew. */
  private static final long REMEMBERED = 400_000;

  /** A question about states, as a function that can be remembered. */
  private record Question(int number, Function<Sight, Optional<?>> seen) {}

  /** On whose behalf an actor would act, as a function that can be remembered. */
  private record ThreadOf(Actor actor) {}

  /** A state as a key. */
  private record Words(long[] words) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Words state && Arrays.equals(words, state.words);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(words);
    }
  }

  private final Model model;
  private final List<Question> questions = new ArrayList<>();
  private final long countedBytes;
  private final Leaves leaves;

  private Space space;
  private Memo memo;
  private Outcomes outcomes;
  private Store seen;
  private long[] first;
  private long[] state;
  private Set<Words> walked = new HashSet<>();
  private List<Actor> actors = List.of();
  private List<String> names = List.of();
  private int[] roots = new int[0];
  private int[] threadRoots = new int[0];
  private int[] questionRoots = new int[0];
  private int[] found = new int[0];
  private final List<String> threads = new ArrayList<>();
  private final List<Object> answers = new ArrayList<>();
  private final Map<Object, Integer> answerNumbers = new LinkedHashMap<>();
  private long distinctBefore;
  private boolean counting = true;
  private long learnedBefore;

  /**
   * @param countedBytes states are counted as long as those counted take no more
   * @param aspects what is counted of the steps taken
   */
  Ground(
      Model model,
      List<Function<Sight, Optional<?>>> asked,
      long countedBytes,
      Optional<Aspects> aspects) {
    this.model = model;
    this.countedBytes = countedBytes;
    for (int number = 0; number < asked.size(); number++) {
      questions.add(new Question(number, asked.get(number)));
    }
    this.leaves = new Leaves(aspects);
    begin();
  }

  private void begin() {
    space = new Space(model.slots());
    Map<Slot<?>, Object> values = new LinkedHashMap<>();
    model.start(
        new Moves.Change() {
          @Override
          public <T> void set(Slot<T> slot, T value) {
            values.put(slot, value);
          }
        });
    first = space.write(values);
    memo = new Memo(space);
    outcomes = new Outcomes(space.words());
    seen = new Store(space.words());
    seen.beginLevel();
    call();
  }

  /** Finds all that can act, now that more slots may be known. */
  private void call() {
    actors = model.actors(List.copyOf(space.slots()));
    names = actors.stream().map(Object::toString).toList();
    roots = new int[actors.size()];
    threadRoots = new int[actors.size()];
    found = new int[actors.size()];
    for (int actor = 0; actor < roots.length; actor++) {
      roots[actor] = memo.root(actors.get(actor), answer -> outcomes.write(space, answer));
      threadRoots[actor] = memo.root(new ThreadOf(actors.get(actor)), this::threadNumber);
    }
    questionRoots = new int[questions.size()];
    for (Question question : questions) {
      questionRoots[question.number()] = memo.root(question, this::answerNumber);
    }
  }

  private int threadNumber(Object name) {
    int known = threads.indexOf(name);
    if (known < 0) {
      threads.add((String) name);
      return threads.size() - 1;
    }
    return known;
  }

  /** 0 for nothing, else 1 + the place of what it says. */
  private int answerNumber(Object answer) {
    Optional<?> said = (Optional<?>) answer;
    if (said.isEmpty()) {
      return 0;
    }
    return answerNumbers.computeIfAbsent(
        said.get(),
        it -> {
          answers.add(it);
          return answers.size();
        });
  }

  /** Goes back to the first state. */
  void restart() {
    if (memo.learned() > REMEMBERED) {
      settle();
      learnedBefore += memo.learned();
      distinctBefore = Math.max(distinctBefore, seen.size());
      counting = false;
      begin();
    }
    state = first.clone();
    walked.clear();
    walked.add(new Words(state));
    count();
  }

  private void count() {
    if (counting) {
      seen.insert(state);
      if (seen.bytes() > countedBytes) {
        distinctBefore = seen.size();
        counting = false;
        seen = new Store(space.words());
        seen.beginLevel();
      }
    }
  }

  /** How many states were seen; empty if they were too many to count. */
  OptionalLong distinct() {
    return counting ? OptionalLong.of(seen.size()) : OptionalLong.empty();
  }

  /** So many states were seen at least. */
  long distinctAtLeast() {
    return counting ? seen.size() : distinctBefore;
  }

  /** How often a model's function was run. */
  long decided() {
    return learnedBefore + memo.learned();
  }

  /** The threads seen so far. */
  int threads() {
    return threads.size();
  }

  Actor actor(int place) {
    return actors.get(place);
  }

  /** All that can be done, in the order of the model. */
  List<Picker.Candidate> open() {
    while (!isKnown()) {
      grow();
    }
    List<Picker.Candidate> open = new ArrayList<>();
    for (int actor = 0; actor < roots.length; actor++) {
      int count = outcomes.count(found[actor]);
      if (count > 0) {
        String thread = threads.get(memo.walk(threadRoots[actor], state, 0));
        for (int outcome = 0; outcome < count; outcome++) {
          open.add(
              new Picker.Candidate(
                  actor, outcome, thread, names.get(actor), actors.get(actor).isSeldom()));
        }
      }
    }
    return open;
  }

  /** Learns what is not known of the state; whether all values found room. */
  private boolean isKnown() {
    for (int actor = 0; actor < roots.length; actor++) {
      found[actor] = memo.walk(roots[actor], state, 0);
      if (found[actor] < 0) {
        Outcomes.learn(memo, space, actors.get(actor), state, 0);
        if (space.isOutgrown()) {
          return false;
        }
        found[actor] = memo.walk(roots[actor], state, 0);
      }
      if (outcomes.count(found[actor]) > 0 && memo.walk(threadRoots[actor], state, 0) < 0) {
        Memo.Learning learning = memo.learn(new ThreadOf(actors.get(actor)), state, 0);
        learning.answer(actors.get(actor).thread(learning));
        if (space.isOutgrown()) {
          return false;
        }
      }
    }
    return true;
  }

  private void grow() {
    settle();
    int slots = space.laid().size();
    Space.Layout before = space.grow(false);
    outcomes = new Outcomes(space.words());
    memo.relearn(space.laid().size() > slots);
    first = rewritten(before, first);
    state = rewritten(before, state);
    seen = seen.rewritten(space, before);
    Set<Words> again = new HashSet<>();
    walked.forEach(words -> again.add(new Words(rewritten(before, words.words()))));
    walked = again;
    call();
  }

  private long[] rewritten(Space.Layout before, long[] states) {
    long[] target = new long[space.words()];
    space.rewrite(before, states, 0, target);
    return target;
  }

  /**
   * Does what was picked among what can be done.
   *
   * @return whether the walk has not been there yet
   */
  boolean go(Picker.Candidate picked) {
    leaves.count(memo, roots[picked.actor()], actors.get(picked.actor()), picked.outcome(), state);
    long[] next = new long[space.words()];
    outcomes.follow(found[picked.actor()], picked.outcome(), state, 0, next);
    state = next;
    count();
    return walked.add(new Words(state));
  }

  /** What a question says of the state. */
  Optional<Object> ask(int number) {
    int answer = memo.walk(questionRoots[number], state, 0);
    while (answer < 0) {
      Memo.Learning learning = memo.learn(questions.get(number), state, 0);
      learning.answer(questions.get(number).seen().apply(learning));
      if (space.isOutgrown()) {
        grow();
      }
      answer = memo.walk(questionRoots[number], state, 0);
    }
    return answer == 0 ? Optional.empty() : Optional.of(answers.get(answer - 1));
  }

  /** What was counted of the steps taken. */
  Coverage.Tally tally() {
    settle();
    return leaves.tally();
  }

  /** Counts belong to states as they are written now. */
  private void settle() {
    leaves.settle(words -> Memo.plain(space, words, 0));
  }
}
