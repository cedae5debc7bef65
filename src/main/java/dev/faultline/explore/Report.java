package dev.faultline.explore;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * A search in figures.
 *
 * @param verdict what it has shown
 * @param properties what was checked in every state
 * @param states distinct states seen
 * @param transitions pairs of a state and something that can be done in it
 * @param levels the first state is one
 * @param endStates states in which nobody can move
 * @param seconds it took
 * @param bytesPerState that the states seen take, with all that is kept of them
 * @param workers threads
 * @param decisions how often a decision of the model was worked out
 * @param bits a state takes
 * @param families how many values each kind of part has
 * @param admitted properties that break and were said to: after how many steps
 * @param seen what had to be seen, and after how many steps it was
 * @param endings the ways in which it can end, with how many states end so
 */
public record Report(
    Verdict verdict,
    List<String> properties,
    long states,
    long transitions,
    int levels,
    long endStates,
    double seconds,
    double bytesPerState,
    int workers,
    long decisions,
    int bits,
    Map<String, Integer> families,
    SortedMap<String, Witness> admitted,
    SortedMap<String, Witness> seen,
    List<Ending> endings) {

  /**
   * A state that shows something.
   *
   * @param text what it shows
   * @param trace the shortest way to one
   */
  public record Witness(String text, Trace trace) {}

  /**
   * A way in which all can end.
   *
   * @param what as the question for it says
   * @param states that end so
   * @param trace the shortest way to one
   */
  public record Ending(Object what, long states, Trace trace) {}
}
