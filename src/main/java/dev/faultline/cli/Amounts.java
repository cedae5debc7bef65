package dev.faultline.cli;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes and times as they are written on a command line. */
final class Amounts {

  private static final Pattern SIZE = Pattern.compile("([0-9]{1,9})([KMG])?(?:i?B)?");
  private static final Pattern TIME = Pattern.compile("([0-9]{1,9})(ms|s|m|h)");

  private Amounts() {}

  /** Bytes: 500M, 2G. */
  static Optional<Long> bytes(String text) {
    Matcher matcher = SIZE.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long number = Long.parseLong(matcher.group(1));
    String unit = matcher.group(2) == null ? "" : matcher.group(2);
    return Optional.of(
        switch (unit) {
          case "K" -> number << 10;
          case "M" -> number << 20;
          case "G" -> number << 30;
          default -> number;
        });
  }

  /** Milliseconds: 100ms, 90s, 10m, 2h. */
  static Optional<Long> milliseconds(String text) {
    Matcher matcher = TIME.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long number = Long.parseLong(matcher.group(1));
    return Optional.of(
        switch (matcher.group(2)) {
          case "ms" -> number;
          case "s" -> number * 1_000;
          case "m" -> number * 60_000;
          default -> number * 3_600_000;
        });
  }
}
