package dev.faultline.runtime;

/** An actor and the pure world do not agree on a step: a mistake of ours. */
final class Disagreement extends RuntimeException {

  private static final long serialVersionUID = 1;

  Disagreement(String text) {
    super(text);
  }

  Disagreement(String text, RuntimeException cause) {
    super(text, cause);
  }
}
