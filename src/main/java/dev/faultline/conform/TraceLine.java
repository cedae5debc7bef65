package dev.faultline.conform;

import dev.faultline.scenario.yaml.Problem;
import java.math.BigInteger;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.regex.Pattern;

/**
 * Takes a line of a trace apart: one JSON object of integers and texts, nothing nested.
 *
 * <p>It keeps the place of every character, also behind escapes, so that a mistake in the tenth
 * operand is told at the tenth operand.
 */
final class TraceLine {

  private static final Pattern WHOLE = Pattern.compile("-?(0|[1-9][0-9]*)");

  private static final BigInteger MIN = BigInteger.valueOf(Long.MIN_VALUE);
  private static final BigInteger MAX = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

  private final String line;
  private final SequencedMap<String, Field> fields = new LinkedHashMap<>();
  private int next;

  private TraceLine(String line) {
    this.line = line;
  }

  /** A value of the object. */
  sealed interface Value {
    /** The index of its first character. */
    int at();
  }

  /** A whole number: -2^63 to 2^64 - 1, as its 64 bits. */
  record Whole(int at, long number) implements Value {}

  /**
   * A text.
   *
   * @param places the index of each of its characters, and of the closing quote
   */
  record Text(int at, String text, int[] places) implements Value {}

  /** A name with its value. */
  record Field(int at, Value value) {}

  /**
   * The fields of a line by name, in their order.
   *
   * @throws Mistake if it is anything else than one object, or a name is there twice
   */
  static SequencedMap<String, Field> parse(String line) throws Mistake {
    return new TraceLine(line).parse();
  }

  private SequencedMap<String, Field> parse() throws Mistake {
    skipBlanks();
    if (next == line.length()) {
      throw expected("a JSON object");
    }
    take('{', "\"{\", the start of a JSON object");
    skipBlanks();
    if (peek() != '}') {
      field();
      while (peek() == ',') {
        next++;
        skipBlanks();
        field();
      }
    }
    take('}', "\",\" or \"}\"");
    skipBlanks();
    if (next < line.length()) {
      throw expected("the end of the line");
    }
    return Collections.unmodifiableSequencedMap(fields);
  }

  private void field() throws Mistake {
    Text name = text("a field's name in quotes");
    skipBlanks();
    take(':', "\":\"");
    skipBlanks();
    Value value = value();
    skipBlanks();
    if (fields.putIfAbsent(name.text(), new Field(name.at(), value)) != null) {
      throw new Mistake(name.at(), "the field " + Problem.quoted(name.text()) + " is there twice");
    }
  }

  private Value value() throws Mistake {
    char first = peek();
    return first == '-' || isDigit(first) ? whole() : text("a whole number or a text in quotes");
  }

  private Whole whole() throws Mistake {
    int start = next;
    while (next < line.length() && "+-.0123456789eE".indexOf(line.charAt(next)) >= 0) {
      next++;
    }
    String digits = line.substring(start, next);
    if (!WHOLE.matcher(digits).matches()) {
      throw new Mistake(start, "expected a whole number, found " + Problem.quoted(digits));
    }
    BigInteger number = new BigInteger(digits);
    if (number.compareTo(MIN) < 0 || number.compareTo(MAX) > 0) {
      throw new Mistake(start, "expected a number of 64 bits, found " + Problem.quoted(digits));
    }
    return new Whole(start, number.longValue());
  }

  private Text text(String wanted) throws Mistake {
    int start = next;
    take('"', wanted);
    StringBuilder text = new StringBuilder();
    int[] places = new int[line.length() - start];
    while (peek() != '"') {
      if (next == line.length()) {
        throw expected("a closing quote");
      }
      places[text.length()] = next;
      text.append(line.charAt(next) == '\\' ? escaped() : line.charAt(next++));
    }
    places[text.length()] = next;
    next++;
    return new Text(start, text.toString(), places);
  }

  private char escaped() throws Mistake {
    int start = next;
    next++;
    int known = "\"\\/bfnrt".indexOf(peek());
    if (next < line.length() && known >= 0) {
      next++;
      return "\"\\/\b\f\n\r\t".charAt(known);
    }
    int length = peek() == 'u' ? 5 : 1;
    String hex = line.substring(next, Math.min(next + length, line.length()));
    if (!hex.matches("u[0-9a-fA-F]{4}")) {
      throw new Mistake(start, "expected an escape of JSON, found " + Problem.quoted("\\" + hex));
    }
    next += 5;
    return (char) Integer.parseInt(hex.substring(1), 16);
  }

  private void take(char wanted, String words) throws Mistake {
    if (peek() != wanted) {
      throw expected(words);
    }
    next++;
  }

  private void skipBlanks() {
    while (next < line.length() && " \t\r".indexOf(line.charAt(next)) >= 0) {
      next++;
    }
  }

  /** The next character; at the end one that no line has. */
  private char peek() {
    return next < line.length() ? line.charAt(next) : '\n';
  }

  private static boolean isDigit(char character) {
    return character >= '0' && character <= '9';
  }

  private Mistake expected(String words) {
    if (next == line.length()) {
      return new Mistake(next, "expected " + words + ", found the end of the line");
    }
    // A word is told whole: "true", not "t".
    int end = next;
    while (end < line.length() && Character.isLetterOrDigit(line.charAt(end))) {
      end++;
    }
    String found = line.substring(next, Math.max(end, line.offsetByCodePoints(next, 1)));
    return new Mistake(next, "expected " + words + ", found " + Problem.quoted(found));
  }
}
