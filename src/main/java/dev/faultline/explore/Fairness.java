package dev.faultline.explore;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What is taken for granted of those who can go on, when a promise is about what happens in the
 * end.
 *
 * <p>An endless run in which somebody is for ever passed over tells nothing. It counts if each
 * group gets its due.
 */
public interface Fairness {

  /** When a group has to move. */
  enum Strength {
    /** One that can always move, from some point on, moves. */
    WEAK,
    /** One that can move again and again moves. */
    STRONG
  }

  /**
   * Those who together have to go on: it is enough that one of them does.
   *
   * @param name as a person says it
   * @param strength when they have to
   * @param actors whose moves count
   * @param labels which of those moves count; all if empty
   */
  record Group(
      String name, Strength strength, Predicate<Actor> actors, Optional<Predicate<Object>> labels) {

    /** All moves of some actors. */
    public static Group of(String name, Strength strength, Predicate<Actor> actors) {
      return new Group(name, strength, actors, Optional.empty());
    }

    /** Those moves of any actor that have a label of a kind. */
    public static Group of(String name, Strength strength, Predicate<Actor> actors, Object label) {
      return new Group(name, strength, actors, Optional.of(label::equals));
    }
  }

  /** The groups, in a fixed order. */
  List<Group> groups(List<Actor> actors);

  /** Each actor that can always move does move. */
  Fairness OF_EACH_ACTOR =
      actors ->
          actors.stream()
              .map(each -> Group.of(each.toString(), Strength.WEAK, each::equals))
              .toList();
}
