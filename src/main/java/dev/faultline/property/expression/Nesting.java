package dev.faultline.property.expression;

import java.util.function.Supplier;

/** How deep parentheses and negations lie in each other; a text of thousands is no expression. */
final class Nesting {

  private static final int MAX_DEPTH = 50;

  private int depth;

  <T> T in(Tokens tokens, Supplier<T> inner) {
    if (++depth > MAX_DEPTH) {
      Token at = tokens.peek();
      throw new Wrong(
          Mistake.of(
              at.start(),
              at.end(),
              "nested deeper than " + MAX_DEPTH + " levels; make it flatter"));
    }
    T read = inner.get();
    depth--;
    return read;
  }
}
