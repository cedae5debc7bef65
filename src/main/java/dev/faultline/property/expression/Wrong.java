package dev.faultline.property.expression;

/** Ends the reading of a text that has a mistake. */
final class Wrong extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient Mistake mistake;

  Wrong(Mistake mistake) {
    super(mistake.text(), null, false, false);
    this.mistake = mistake;
  }

  Mistake mistake() {
    return mistake;
  }
}
