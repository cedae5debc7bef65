package dev.faultline.conform;

/** What is wrong with a line of a trace, on its way to the reader, who knows file and line. */
final class Mistake extends Exception {

  private static final long serialVersionUID = 1;

  private final int index;
  private final String text;

  /**
   * A mistake.
   *
   * @param index of the character of the line where it is, from 0
   * @param text what was expected and what was found
   */
  Mistake(int index, String text) {
    super(text, null, false, false);
    this.index = index;
    this.text = text;
  }

  int index() {
    return index;
  }

  String text() {
    return text;
  }
}
