package dev.faultline.explore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.explore.yardstick.Yardstick;
import dev.faultline.testing.FakeThreads;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class SamplerTest {

  private static final Explorer.Watcher NOBODY =
      new Explorer.Watcher() {
        @Override
        public void at(Explorer.Progress progress) {}

        @Override
        public boolean stops() {
          return false;
        }
      };

  private static Bounds steps(int steps) {
    return new Bounds(steps, 1 << 28, Long.MAX_VALUE);
  }

  private static Sample sample(Model model, Strategy strategy, long seed, long walks, int steps) {
    return new Sampler(
            model, List.of(), Set.of(), Optional.empty(), Optional.of(Aspects.ofLabels()))
        .sample(strategy, seed, walks, steps(steps), NOBODY);
  }

  static Stream<Strategy> strategies() {
    return Stream.of(new Strategy.Random(), new Strategy.Pct(3), new Strategy.Swarm());
  }

  /** What does not depend on time. */
  private static List<Object> told(Sample sample) {
    return List.of(
        sample.verdict(),
        sample.foundIn(),
        sample.walks(),
        sample.steps(),
        sample.states(),
        sample.coverage());
  }

  @ParameterizedTest
  @MethodSource("strategies")
  void the_same_seed_gives_the_same_sample_and_another_one_another(Strategy strategy) {
    Yardstick sound = new Yardstick(2, 2, Yardstick.Bug.NONE);
    Sample first = sample(sound, strategy, 7, 60, 60);
    assertThat(told(sample(sound, strategy, 7, 60, 60))).isEqualTo(told(first));
    assertThat(told(sample(sound, strategy, 8, 60, 60))).isNotEqualTo(told(first));
    assertThat(first.verdict())
        .isEqualTo(
            new Verdict.Sampled(first.walks(), first.steps(), first.states(), true, "walks"));
  }

  @ParameterizedTest
  @MethodSource("strategies")
  void a_walk_depends_on_its_number_and_not_on_what_was_learned_before(Strategy strategy) {
    // A longer sample begins with the shorter one: what it finds, it finds in the same walk.
    Yardstick broken = new Yardstick(1, 1, Yardstick.Bug.REFUSAL_LEAVES_FAULTS_FORBIDDEN);
    Sample long_ = sample(broken, strategy, 3, 100_000, 60);
    long found = long_.foundIn().orElseThrow();
    Sample exact = sample(broken, strategy, 3, found + 1, 60);
    assertThat(told(exact)).isEqualTo(told(long_));
    assertThat(sample(broken, strategy, 3, found, 60).verdict())
        .isInstanceOf(Verdict.Sampled.class);
  }

  @ParameterizedTest
  @EnumSource(value = Yardstick.Bug.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
  void each_strategy_finds_the_bugs_of_the_yardstick(Yardstick.Bug bug) {
    String property = bug == Yardstick.Bug.REFUSAL_LEAVES_FAULTS_FORBIDDEN ? "Inv4" : "Inv1";
    for (Strategy strategy :
        List.of(new Strategy.Random(), new Strategy.Pct(5), new Strategy.Swarm())) {
      Yardstick broken = new Yardstick(2, 2, bug);
      Sample sample = sample(broken, strategy, 1, 200_000, 60);
      assertThat(sample.verdict())
          .isInstanceOfSatisfying(
              Verdict.Broken.class,
              found -> {
                assertThat(found.property()).isEqualTo(property);
                assertThat(brokenAfter(broken, found.trace())).isEqualTo(property);
                int shortest = bug == Yardstick.Bug.CHECK_BEFORE_UNMAP ? 21 : 18;
                assertThat(found.trace().length()).isBetween(shortest, 60);
              });
    }
  }

  /** What the last state of a trace breaks, and none before; the trace goes by its labels. */
  private static String brokenAfter(Model model, Trace trace) {
    PlainState state = new PlainState(model);
    Set<Slot<?>> known = new LinkedHashSet<>(model.slots());
    List<String> broken = new ArrayList<>();
    for (Trace.Move move : trace.moves()) {
      assertThat(broken).isEmpty();
      assertThat(go(model, known, state, move)).isEqualTo(move);
      model
          .promises()
          .forEach(promise -> promise.violation(state).ifPresent(it -> broken.add(it.property())));
    }
    return broken.getFirst();
  }

  private static Trace.Move go(
      Model model, Set<Slot<?>> known, PlainState state, Trace.Move wanted) {
    for (Actor actor : model.actors(known)) {
      Outcomes.Recorded recorded = new Outcomes.Recorded();
      actor.act(state, recorded);
      OptionalInt outcome = OptionalInt.empty();
      for (int each = 0; each < recorded.moves.size(); each++) {
        boolean same = recorded.moves.get(each).label().equals(wanted.label());
        outcome = same && actor.party().equals(wanted.party()) ? OptionalInt.of(each) : outcome;
      }
      if (outcome.isPresent()) {
        known.addAll(recorded.moves.get(outcome.getAsInt()).values().keySet());
        return state.act(actor, outcome.getAsInt());
      }
    }
    throw new AssertionError("cannot be done: " + wanted);
  }

  @Test
  void a_sound_model_is_sampled_and_never_said_to_hold() {
    for (Strategy strategy : strategies().toList()) {
      Sample sample = sample(new Yardstick(1, 1, Yardstick.Bug.NONE), strategy, 1, 500, 100);
      assertThat(sample.verdict()).isInstanceOf(Verdict.Sampled.class);
      assertThat(sample.properties()).contains("Inv1", "Inv4");
      assertThat(sample.cut() + sample.ends()).isLessThanOrEqualTo(sample.walks());
    }
  }

  @Test
  void walks_through_a_small_model_see_all_of_its_states() {
    FakeThreads model = new FakeThreads(2, 3, 2);
    Report all =
        new Explorer(model, List.of(), Set.of("NoHit"), Optional.empty())
            .explore(1, Reductions.NONE, Bounds.NONE, NOBODY);
    Sample sample =
        new Sampler(model, List.of(), Set.of("NoHit"), Optional.empty(), Optional.empty())
            .sample(new Strategy.Random(), 1, 2_000, Bounds.NONE, NOBODY);
    assertThat(sample.states()).isEqualTo(all.states());
    assertThat(sample.admitted()).containsOnlyKeys("NoHit");
    assertThat(sample.ends()).isEqualTo(sample.walks());
    assertThat(sample.steps()).isEqualTo(6 * sample.walks());
  }

  @Test
  void too_many_states_are_not_counted_to_the_end() {
    Sample sample =
        new Sampler(
                new Yardstick(2, 2, Yardstick.Bug.NONE),
                List.of(),
                Set.of(),
                Optional.empty(),
                Optional.empty())
            .sample(new Strategy.Random(), 1, 300, new Bounds(60, 1, Long.MAX_VALUE), NOBODY);
    assertThat(sample.exact()).isFalse();
    assertThat(sample.states()).isBetween(1L, 300L * 60);
  }

  // The promise of pct.

  /** In which share of the walks the bug showed. */
  private static double share(FakeThreads model, Strategy strategy, int walks) {
    Sample sample =
        new Sampler(
                model,
                List.of(),
                Set.of("NoHit"),
                Optional.of(sight -> sight.get(FakeThreads.HIT)),
                Optional.empty())
            .sample(strategy, 5, walks, Bounds.NONE, NOBODY);
    assertThat(sample.expected()).isEqualTo((long) model.threads() * model.steps());
    assertThat(sample.threads()).isEqualTo(model.threads());
    return sample.endings().stream()
            .filter(ending -> ending.what().equals(true))
            .mapToLong(Sample.Ending::walks)
            .sum()
        / (double) walks;
  }

  @Test
  void pct_finds_a_bug_of_two_orderings_as_often_as_it_promises() {
    // Two threads: the first has to be ahead (1/2), and to fall at one of the 8 steps.
    FakeThreads two = new FakeThreads(2, 4, 3);
    PctBound bound = new PctBound(2, 8, 2);
    assertThat(bound.chance()).isEqualTo(1 / 16.0);
    assertThat(share(two, new Strategy.Pct(2), 20_000)).isBetween(0.9 / 16, 1.1 / 16);
    FakeThreads four = new FakeThreads(4, 4, 3);
    assertThat(share(four, new Strategy.Pct(2), 20_000))
        .isBetween(new PctBound(4, 16, 2).chance(), 3 * new PctBound(4, 16, 2).chance());
  }

  @Test
  void pct_finds_a_bug_of_one_ordering_without_any_change() {
    assertThat(share(new FakeThreads(4, 10, 1), new Strategy.Pct(1), 4_000)).isBetween(0.45, 0.55);
    // No change, no chance: the first thread is never left in its middle.
    assertThat(share(new FakeThreads(2, 10, 5), new Strategy.Pct(1), 4_000)).isLessThan(0.02);
  }

  @Test
  void the_promise_is_told_in_a_sentence() {
    PctBound bound = new PctBound(3, 40, 3);
    assertThat(bound.chance()).isEqualTo(1 / 4800.0);
    assertThat(bound.missedBy(0)).isEqualTo(1);
    assertThat(bound.missedBy(4800)).isBetween(0.36, 0.37);
    assertThat(bound.text(4800))
        .isEqualTo(
            "a walk finds a bug of depth 3 with a chance of at least 1/(3 * 40^2) = 1/4,800;"
                + " 4,800 walks miss it with at most 36.8 %");
  }
}
