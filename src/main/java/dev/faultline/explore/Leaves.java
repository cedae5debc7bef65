package dev.faultline.explore;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Counts what actors do by the places where the memo keeps their answers: all states that lead to
 * one place have the same answer, so that one of them tells what all of them show.
 */
final class Leaves {

  /** A place of the memo's tree, and the actor whose answer is there. */
  private record Place(Actor actor, int leaf) {}

  /** How often each outcome of an answer was seen, and a state that shows it. */
  private record Counts(long[] state, List<Long> outcomes) {}

  private final Optional<Aspects> aspects;
  private final Map<Place, Counts> counts = new LinkedHashMap<>();
  private final Coverage.Tally tally = new Coverage.Tally();

  Leaves(Optional<Aspects> aspects) {
    this.aspects = aspects;
  }

  /** Counts one outcome of what an actor does in a state. */
  void count(Memo memo, int root, Actor actor, int outcome, long[] state) {
    if (aspects.isPresent()) {
      Counts at = at(actor, memo.leaf(root, state, 0), () -> state);
      grow(at.outcomes(), outcome + 1);
      at.outcomes().set(outcome, at.outcomes().get(outcome) + 1);
    }
  }

  private Counts at(Actor actor, int leaf, Supplier<long[]> state) {
    return counts.computeIfAbsent(
        new Place(actor, leaf), _ -> new Counts(state.get(), new ArrayList<>()));
  }

  private static void grow(List<Long> outcomes, int size) {
    while (outcomes.size() < size) {
      outcomes.add(0L);
    }
  }

  /** Makes aspects of what was counted since the last time. */
  void settle(Function<long[], Sight> sight) {
    if (aspects.isPresent()) {
      counts.forEach(
          (place, counted) -> {
            Sight before = sight.apply(counted.state());
            Outcomes.Recorded recorded = new Outcomes.Recorded();
            place.actor().act(before, recorded);
            for (int outcome = 0; outcome < counted.outcomes().size(); outcome++) {
              long times = counted.outcomes().get(outcome);
              if (times > 0) {
                Object label = recorded.moves.get(outcome).label();
                aspects.get().of(before, label).forEach(aspect -> tally.add(aspect, times));
              }
            }
          });
      counts.clear();
    }
  }

  Coverage.Tally tally() {
    return tally;
  }
}
