package dev.faultline.runtime;

/** A journal's entry is not one that its party can have written there. */
final class WrongEntry extends RuntimeException {

  private static final long serialVersionUID = 1;

  WrongEntry(long step, String text) {
    super("entry " + step + " of the journal " + text);
  }
}
