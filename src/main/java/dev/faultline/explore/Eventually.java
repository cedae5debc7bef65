package dev.faultline.explore;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * That something comes about in the end, on every fair run: from the first state on, or after each
 * state in which it is asked for.
 *
 * @param property its name
 * @param from where it is asked for; the first state if empty
 * @param to where it has come about
 * @param waiting who waits for whom in a state in which it has not
 */
public record Eventually(
    String property,
    Optional<Predicate<Sight>> from,
    Predicate<Sight> to,
    Function<Sight, List<String>> waiting) {

  /** That it comes about from the first state on. */
  public static Eventually of(
      String property, Predicate<Sight> to, Function<Sight, List<String>> waiting) {
    return new Eventually(property, Optional.empty(), to, waiting);
  }

  /** That it comes about after each state in which it is asked for. */
  public static Eventually after(
      String property,
      Predicate<Sight> from,
      Predicate<Sight> to,
      Function<Sight, List<String>> waiting) {
    return new Eventually(property, Optional.of(from), to, waiting);
  }
}
