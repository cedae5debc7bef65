package dev.faultline.scenario;

import dev.faultline.property.expression.Mistake;
import dev.faultline.scenario.yaml.Nearest;

/** How a mistake in an expression is told. */
public final class ExpressionText {

  private ExpressionText() {}

  /** On one line: what is wrong, and the word that was meant, or what could stand there. */
  public static String told(Mistake mistake) {
    if (mistake.listed()) {
      return mistake.text()
          + Nearest.of(mistake.found(), mistake.known())
              .map(nearest -> "; did you mean \"" + nearest + "\"?")
              .orElse("");
    }
    return mistake.known().isEmpty()
        ? mistake.text()
        : mistake.text() + Nearest.hint(mistake.found(), mistake.known());
  }

  /**
   * For a command line, with the text and a mark under the place:
   *
   * <pre>
   * --find:1:29: no party "ap"; did you mean "app"?
   *   page 0 is private and mapped by ap
   *                                   ^^
   * </pre>
   *
   * @param where what messages call the text: --find
   * @param text all of it; the line with the mistake is shown
   */
  public static String pointed(String where, String text, Mistake mistake) {
    int start = Math.min(mistake.start(), text.length());
    int lineStart = text.lastIndexOf('\n', start - 1) + 1;
    int lineEnd = text.indexOf('\n', start) < 0 ? text.length() : text.indexOf('\n', start);
    String line = text.substring(lineStart, lineEnd).replace('\t', ' ');
    int column = text.codePointCount(lineStart, start);
    int marked = text.codePointCount(start, Math.min(Math.max(mistake.end(), start), lineEnd));
    long number = 1 + text.substring(0, lineStart).chars().filter(each -> each == '\n').count();
    return where
        + ":"
        + number
        + ":"
        + (column + 1)
        + ": "
        + told(mistake)
        + "\n  "
        + line.stripTrailing()
        + "\n  "
        + " ".repeat(column)
        + "^".repeat(Math.max(1, marked))
        + "\n";
  }
}
