package dev.faultline.explore;

import java.util.Collection;
import java.util.List;

/**
 * What can be searched: slots that hold values, and actors that change them.
 *
 * <p>Actors and promises read through a {@link Sight} and depend on nothing else. Read late and
 * little: a decision is remembered by what it read.
 */
public interface Model {

  /**
   * The slots that are known from the start; others are known when somebody reads or writes one.
   */
  List<Slot<?>> slots();

  /** Sets the slots that do not begin with their initial value. */
  default void start(Moves.Change first) {}

  /**
   * All that can act, in a fixed order.
   *
   * @param known the slots that are known so far
   */
  List<Actor> actors(Collection<Slot<?>> known);

  /** What has to be so in each state, in the order in which it is reported. */
  List<Promise> promises();

  /** All its symmetries but the one that changes nothing; together they are a group. */
  default List<Symmetry> symmetries() {
    return List.of();
  }

  /**
   * Whether a state in which nobody can move is a proper end.
   *
   * @return who waits for whom; empty if it is one
   */
  List<String> waiting(Sight sight);

  /** The name of the property that a state breaks in which nobody can move and somebody waits. */
  default String answered() {
    return "NobodyIsStuck";
  }
}
