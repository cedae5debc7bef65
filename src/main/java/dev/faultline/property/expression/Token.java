package dev.faultline.property.expression;

/**
 * A piece of the text of an expression.
 *
 * @param text as it stands there; empty at the end
 * @param start its first character, from 0
 * @param end the one behind its last; at the end of the text one more than {@code start}
 */
record Token(Kind kind, String text, int start, int end) {

  /** What it is. */
  enum Kind {
    /** A keyword or a name. */
    WORD,
    /** Digits, or 0x and digits. */
    NUMBER,
    /** A parenthesis, a comparison, or the two dots of a range. */
    SIGN,
    /** Nothing comes any more. */
    END
  }

  boolean is(String wanted) {
    return kind != Kind.END && text.equals(wanted);
  }

  /** What a message says was found. */
  String shown() {
    return kind == Kind.END ? "the end" : "\"" + text + "\"";
  }
}
