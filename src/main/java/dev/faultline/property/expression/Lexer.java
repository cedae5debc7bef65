package dev.faultline.property.expression;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Cuts the text of an expression into words, numbers and signs. */
final class Lexer {

  /** Longer than anyone writes, shorter than what could be nested too deep. */
  private static final int MAX_LENGTH = 2000;

  private static final Pattern PIECE =
      Pattern.compile(
          "(?<word>[A-Za-z](?:[A-Za-z0-9_-]|\\.(?=[A-Za-z]))*+)"
              + "|(?<number>0x[0-9a-fA-F]++|[0-9]++)"
              + "|(?<sign>\\.\\.|!=|<=|>=|=(?!=)|[<>()])");

  private Lexer() {}

  static List<Token> read(String text) {
    if (text.length() > MAX_LENGTH) {
      throw new Wrong(
          Mistake.of(
              MAX_LENGTH,
              text.length(),
              "an expression has at most "
                  + MAX_LENGTH
                  + " characters, this one "
                  + text.length()));
    }
    List<Token> tokens = new ArrayList<>();
    Matcher piece = PIECE.matcher(text);
    int at = 0;
    while (at < text.length()) {
      if (Character.isWhitespace(text.charAt(at))) {
        at++;
      } else if (piece.region(at, text.length()).lookingAt()) {
        tokens.add(new Token(kind(piece), piece.group(), at, piece.end()));
        at = piece.end();
      } else {
        throw new Wrong(unreadable(text, at));
      }
    }
    int end = text.stripTrailing().length();
    tokens.add(new Token(Token.Kind.END, "", end, end + 1));
    return tokens;
  }

  private static Token.Kind kind(Matcher piece) {
    if (piece.group("word") != null) {
      return Token.Kind.WORD;
    }
    return piece.group("number") != null ? Token.Kind.NUMBER : Token.Kind.SIGN;
  }

  private static Mistake unreadable(String text, int at) {
    String found = text.substring(at, text.offsetByCodePoints(at, 1));
    String instead =
        switch (found) {
          case "&" -> "; write and";
          case "|" -> "; write or";
          case "!" -> "; write not";
          case "=" -> "; write =";
          default -> "";
        };
    int end = at + found.length();
    if (!instead.isEmpty() && text.startsWith(found, end)) {
      end += found.length();
    }
    return Mistake.of(
        at, end, "\"" + text.substring(at, end) + "\" is no part of an expression" + instead);
  }
}
