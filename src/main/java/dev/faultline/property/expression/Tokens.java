package dev.faultline.property.expression;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/** The pieces of an expression, and which of them is next. */
final class Tokens {

  private final List<Token> tokens;
  private int at;

  Tokens(String text) {
    this.tokens = Lexer.read(text);
  }

  Token peek() {
    return peek(0);
  }

  /** The one that comes so many after the next. */
  Token peek(int ahead) {
    return tokens.get(Math.min(at + ahead, tokens.size() - 1));
  }

  Token next() {
    Token token = peek();
    if (token.kind() != Token.Kind.END) {
      at++;
    }
    return token;
  }

  /** Whether one of some words is next. */
  boolean sees(String... words) {
    return Arrays.stream(words).anyMatch(peek()::is);
  }

  /** Takes a word if it is next. */
  boolean take(String word) {
    if (!peek().is(word)) {
      return false;
    }
    next();
    return true;
  }

  /** Takes one of two words that mean the same here. */
  boolean take(String word, String other) {
    return take(word) || take(other);
  }

  /** Takes a word that has to be next. */
  void expect(String word) {
    if (!take(word)) {
      throw unexpectedWord(word);
    }
  }

  /** Takes the name that has to be next. */
  Token name(String expected) {
    if (peek().kind() != Token.Kind.WORD) {
      throw unexpected(expected, List.of());
    }
    return next();
  }

  /** What is next is none of what could be. */
  Wrong unexpected(String expected, Collection<String> known) {
    return unexpected(expected, known, false);
  }

  /** What is next is none of a few words. */
  Wrong unexpectedWord(String... words) {
    int last = words.length - 1;
    String expected =
        last == 0 ? words[0] : String.join(", ", Arrays.copyOf(words, last)) + " or " + words[last];
    return unexpected(expected, List.of(words), true);
  }

  /** The same with other words for them. */
  Wrong unexpected(String expected, Collection<String> known, boolean listed) {
    Token found = peek();
    boolean word = found.kind() == Token.Kind.WORD;
    return new Wrong(
        new Mistake(
            found.start(),
            found.end(),
            "expected " + expected + ", found " + found.shown(),
            word ? found.text() : "",
            word ? List.copyOf(known) : List.of(),
            listed));
  }

  /** What was taken is a name of nothing. */
  static Wrong unknown(Token found, String text, Collection<String> known) {
    return new Wrong(
        new Mistake(found.start(), found.end(), text, found.text(), new ArrayList<>(known), false));
  }

  /** What was taken makes no sense. */
  static Wrong senseless(Token found, String text) {
    return new Wrong(Mistake.of(found.start(), found.end(), text));
  }
}
