package dev.faultline.property.expression;

/** What became of the text of an expression. */
public sealed interface Parsed {

  /** It says something. */
  record Right(Expression expression) implements Parsed {}

  /** It does not, and why. */
  record Wrong(Mistake mistake) implements Parsed {}
}
