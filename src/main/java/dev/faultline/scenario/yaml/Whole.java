package dev.faultline.scenario.yaml;

import java.util.Optional;
import java.util.regex.Pattern;

/** Whole numbers as files may write them: decimal without leading zeros, or 0x and hexadecimal. */
final class Whole {

  private static final Pattern FORM = Pattern.compile("-?+[0-9]++|0x[0-9a-fA-F]++");

  private Whole() {}

  /** Reads a number between two bounds; empty if it is none. */
  static Optional<Long> read(String text, long min, long max, Report report) {
    if (!FORM.matcher(text).matches()) {
      return Optional.empty();
    }
    if (hasLeadingZero(text)) {
      String shown = Kind.shortened(text);
      report.problem("leading zero in " + shown + "; write " + withoutLeadingZeros(text));
      return Optional.empty();
    }
    Optional<Long> number = parse(text).filter(it -> min <= it && it <= max);
    if (number.isEmpty()) {
      String bounds = "; it is from " + min + " to " + max;
      report.problem(Kind.shortened(text) + " is out of range" + bounds);
    }
    return number;
  }

  /** The value of digits in the right form; empty if it does not fit into 63 bits. */
  static Optional<Long> parse(String text) {
    try {
      return Optional.of(
          text.startsWith("0x") ? Long.parseLong(text.substring(2), 16) : Long.parseLong(text));
    } catch (NumberFormatException _) {
      return Optional.empty();
    }
  }

  /** Whether some reader would take it as octal: 010 is 8 in YAML 1.1 and 10 in YAML 1.2. */
  static boolean hasLeadingZero(String text) {
    int digits = text.startsWith("-") ? 1 : 0;
    return text.length() > digits + 1
        && text.charAt(digits) == '0'
        && Character.isDigit(text.charAt(digits + 1));
  }

  static String withoutLeadingZeros(String text) {
    String digits = text.replaceFirst("^-?0+(?=[0-9])", "");
    return Kind.shortened(text.startsWith("-") ? "-" + digits : digits);
  }
}
