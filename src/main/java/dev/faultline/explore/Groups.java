package dev.faultline.explore;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which groups of a fairness each move of a search belongs to, remembered as the moves are: by what
 * an actor reads.
 */
final class Groups {

  /**
   * A kind of move.
   *
   * @param party whose, by its place in {@link #parties}
   * @param groups it belongs to, by their places
   */
  record Kind(int party, BitSet groups) {}

  private final Search search;
  private final List<Fairness.Group> groups;
  private final List<String> parties;
  private final List<Kind> kinds = new ArrayList<>();
  private final Map<Kind, Integer> kindNumbers = new HashMap<>();
  private final List<BitSet> sets = new ArrayList<>();
  private final Map<BitSet, Integer> setNumbers = new HashMap<>();
  // By actor: the kind of all its moves, or -1 and the question that tells the kind of each.
  private final int[] kindOfAll;
  private final int[] question;

  Groups(Search search, Fairness fairness) {
    this.search = search;
    List<Actor> actors = search.actors();
    this.groups = List.copyOf(fairness.groups(actors));
    this.parties = actors.stream().map(Actor::party).distinct().sorted().toList();
    this.kindOfAll = new int[actors.size()];
    this.question = new int[actors.size()];
    for (int number = 0; number < actors.size(); number++) {
      Actor actor = actors.get(number);
      boolean byLabel =
          groups.stream()
              .anyMatch(group -> group.actors().test(actor) && group.labels().isPresent());
      kindOfAll[number] = byLabel ? -1 : kind(actor, Optional.empty());
      question[number] = byLabel ? search.add(sight -> Optional.of(kinds(actor, sight))) : -1;
    }
  }

  List<Fairness.Group> all() {
    return groups;
  }

  /** Those that move if they can again and again. */
  BitSet strong() {
    BitSet strong = new BitSet();
    for (int group = 0; group < groups.size(); group++) {
      strong.set(group, groups.get(group).strength() == Fairness.Strength.STRONG);
    }
    return strong;
  }

  private List<Integer> kinds(Actor actor, Sight sight) {
    Outcomes.Recorded recorded = new Outcomes.Recorded();
    actor.act(sight, recorded);
    return recorded.moves.stream().map(move -> kind(actor, Optional.of(move.label()))).toList();
  }

  private int kind(Actor actor, Optional<Object> label) {
    BitSet of = new BitSet();
    for (int group = 0; group < groups.size(); group++) {
      Fairness.Group each = groups.get(group);
      if (each.actors().test(actor)
          && (each.labels().isEmpty()
              || label.isPresent() && each.labels().get().test(label.get()))) {
        of.set(group);
      }
    }
    Kind kind = new Kind(parties.indexOf(actor.party()), of);
    return kindNumbers.computeIfAbsent(
        kind,
        _ -> {
          kinds.add(kind);
          return kinds.size() - 1;
        });
  }

  /** The kind of one of the moves that an actor can make in a state. */
  int kind(int actor, int outcome, long[] state) {
    if (kindOfAll[actor] >= 0) {
      return kindOfAll[actor];
    }
    return (Integer) ((List<?>) search.ask(question[actor], state).orElseThrow()).get(outcome);
  }

  Kind kind(int number) {
    return kinds.get(number);
  }

  /** The number of a set of groups. */
  int number(BitSet set) {
    Integer known = setNumbers.get(set);
    if (known != null) {
      return known;
    }
    BitSet copy = (BitSet) set.clone();
    sets.add(copy);
    setNumbers.put(copy, sets.size() - 1);
    return sets.size() - 1;
  }

  BitSet set(int number) {
    return sets.get(number);
  }
}
