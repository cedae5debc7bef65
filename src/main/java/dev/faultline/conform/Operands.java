package dev.faultline.conform;

import dev.faultline.scenario.yaml.Problem;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The operands of an operation, taken one after the other in the order that the word has. */
final class Operands {

  private static final Pattern NUMBER =
      Pattern.compile("(0x[0-9a-fA-F]{1,64}|[0-9]{1,64})([pKMG]?)");

  private static final Pattern HANDLE = Pattern.compile("[gmp](0|[1-9][0-9]{0,8})");

  private final String word;
  private final String usage;
  private final List<String> names;
  private final List<Found> found;
  private int next;

  /** A word of the text, and where it starts in the line. */
  record Found(String text, int at) {}

  /**
   * The operands of a word.
   *
   * @param usage the names of its operands, as the README of the traces has them; those that may be
   *     left out are in brackets
   * @param end where the text ends in the line
   * @throws Mistake if there are too few or too many
   */
  Operands(String word, String usage, List<Found> found, int end) throws Mistake {
    this.word = word;
    this.usage = usage;
    this.names = List.of(usage.split(" "));
    this.found = found;
    long needed = names.stream().filter(name -> !name.startsWith("[")).count();
    if (found.size() < needed) {
      throw new Mistake(end, takes() + "; " + names.get(found.size()) + " is missing");
    }
    if (found.size() > names.size()) {
      Found first = found.get(names.size());
      throw new Mistake(first.at(), takes() + ", found " + Problem.quoted(first.text()) + " after");
    }
  }

  /** The words of a text with their places. */
  static List<Found> split(TraceLine.Text text) {
    List<Found> words = new ArrayList<>();
    int start = 0;
    for (int i = 0; i <= text.text().length(); i++) {
      if (i == text.text().length() || text.text().charAt(i) == ' ') {
        if (i > start) {
          words.add(new Found(text.text().substring(start, i), text.places()[start]));
        }
        start = i + 1;
      }
    }
    return words;
  }

  private String takes() {
    return word + " takes " + usage;
  }

  boolean hasNext() {
    return next < found.size();
  }

  /** Takes the next operand if it is this word. */
  boolean takeIf(String expected) {
    boolean is = hasNext() && found.get(next).text().equals(expected);
    next += is ? 1 : 0;
    return is;
  }

  /** Takes one of two words. */
  boolean isFirstOf(String first, String second) throws Mistake {
    if (takeIf(first)) {
      return true;
    }
    if (takeIf(second)) {
      return false;
    }
    throw wrong("\"" + first + "\" or \"" + second + "\"");
  }

  /** A number of 64 bits without sign. */
  long number() throws Mistake {
    return number(64, "a number of at most 64 bits").longValue();
  }

  /** The next operand, if it is there. */
  long numberOrZero() throws Mistake {
    return hasNext() ? number() : 0;
  }

  /** A number that fits into an int. */
  int integer() throws Mistake {
    return number(31, "a number of at most 31 bits").intValue();
  }

  /** A number of 0 to 255. */
  int value() throws Mistake {
    return number(8, "a byte, 0 to 255").intValue();
  }

  private BigInteger number(int bits, String wanted) throws Mistake {
    Matcher form = NUMBER.matcher(found.get(next).text());
    if (!form.matches()) {
      throw wrong("a number such as 7, 16p, 4K or 0x1000");
    }
    String digits = form.group(1);
    boolean hexadecimal = digits.startsWith("0x");
    if (!hexadecimal && digits.startsWith("0") && digits.length() > 1) {
      // To the kernel's side of a trace, to C, it is octal.
      throw wrong("a number without a leading zero");
    }
    BigInteger number =
        hexadecimal ? new BigInteger(digits.substring(2), 16) : new BigInteger(digits);
    BigInteger bytes = number.shiftLeft(shift(form.group(2)));
    if (bytes.bitLength() > bits) {
      throw wrong(wanted);
    }
    next++;
    return bytes;
  }

  private static int shift(String suffix) {
    return switch (suffix) {
      case "K" -> 10;
      case "p" -> 12;
      case "M" -> 20;
      case "G" -> 30;
      default -> 0;
    };
  }

  /** What the trace made as the n-th of its kind: g0, m3, p12. */
  int handle(char letter) throws Mistake {
    String text = found.get(next).text();
    if (text.charAt(0) != letter || !HANDLE.matcher(text).matches()) {
      throw wrong("a name such as " + letter + "0");
    }
    next++;
    return Integer.parseInt(text.substring(1));
  }

  /** A name, or "-" for none. */
  OptionalInt handleOrNone(char letter) throws Mistake {
    if (takeIf("-")) {
      return OptionalInt.empty();
    }
    if (found.get(next).text().charAt(0) != letter) {
      throw wrong("a name such as " + letter + "0, or \"-\"");
    }
    return OptionalInt.of(handle(letter));
  }

  /** Checks that nothing is left. */
  void end() throws Mistake {
    if (hasNext()) {
      throw wrong(bare(names.get(next)));
    }
  }

  private Mistake wrong(String wanted) {
    Found word = found.get(next);
    return new Mistake(
        word.at(),
        "%s of %s: expected %s, found %s"
            .formatted(bare(names.get(next)), this.word, wanted, Problem.quoted(word.text())));
  }

  private static String bare(String name) {
    return name.startsWith("[") ? name.substring(1, name.length() - 1) : name;
  }
}
