package dev.faultline.scenario.yaml;

/**
 * Where a check says what is wrong with a value that has the right form.
 *
 * @param at where the value stands
 * @param problems what is collected
 */
public record Report(Position at, Problems problems) {

  /** The value as a whole is wrong. */
  public void problem(String text) {
    problems.add(at, text);
  }

  /** A part of the value is wrong. */
  public void problem(Position part, String text) {
    problems.add(part, text);
  }
}
