package dev.faultline.property.expression;

import java.math.BigInteger;
import java.util.List;

/** Reads whole numbers, decimal or with 0x. */
final class Numbers {

  private Numbers() {}

  /** The number of a token, 0 to a limit. */
  static long read(Token token, long limit) {
    String text = token.text();
    boolean hexadecimal = text.startsWith("0x");
    BigInteger number = hexadecimal ? new BigInteger(text.substring(2), 16) : new BigInteger(text);
    if (!hexadecimal && text.length() > 1 && text.startsWith("0")) {
      throw Tokens.senseless(token, text + " has a leading zero; write " + number);
    }
    if (number.compareTo(BigInteger.valueOf(limit)) > 0) {
      throw Tokens.senseless(token, text + " is more than " + limit);
    }
    return number.longValueExact();
  }

  /** The number that is next. */
  static long next(Tokens tokens, String expected, long limit) {
    if (tokens.peek().kind() != Token.Kind.NUMBER) {
      throw tokens.unexpected(expected, List.of());
    }
    return read(tokens.next(), limit);
  }
}
