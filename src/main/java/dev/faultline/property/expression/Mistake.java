package dev.faultline.property.expression;

import java.util.List;

/**
 * What is wrong with the text of an expression.
 *
 * @param start where it is wrong, in characters from 0
 * @param end behind it; more than {@code start}
 * @param text what was expected and what was found; one line, lower case
 * @param found the word that is not known; empty if it is no matter of a word
 * @param known the words that could stand there; whoever prints the mistake names the nearest
 * @param listed the text names all of them
 */
public record Mistake(
    int start, int end, String text, String found, List<String> known, boolean listed) {

  public Mistake {
    known = List.copyOf(known);
  }

  /** One that is no matter of a word. */
  static Mistake of(int start, int end, String text) {
    return new Mistake(start, end, text, "", List.of(), false);
  }
}
