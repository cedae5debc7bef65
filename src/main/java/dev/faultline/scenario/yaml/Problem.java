package dev.faultline.scenario.yaml;

import java.util.Comparator;

/**
 * One mistake in a file that a user wrote.
 *
 * @param at where it is
 * @param text what was wrong, the value, what to do; one line, lower case
 */
public record Problem(Position at, String text) implements Comparable<Problem> {

  private static final Comparator<Problem> ORDER =
      Comparator.comparing(Problem::at).thenComparing(Problem::text);

  /** A text as messages show it: in quotes, on one line, cut to a length that can be read. */
  public static String quoted(String text) {
    return Kind.quoted(text);
  }

  @Override
  public int compareTo(Problem other) {
    return ORDER.compare(this, other);
  }

  /** {@code file:line:column: text}. */
  @Override
  public String toString() {
    return at + ": " + text;
  }
}
