package dev.faultline.cli;

import dev.faultline.explore.yardstick.Yardstick;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The yardstick, in the size that a command line asks for. */
final class Yardsticks {

  private static final Pattern SIZE = Pattern.compile("([1-4]),([1-3])(?:,([0-3]))?");

  private Yardsticks() {}

  static Optional<Yardstick> of(String text) {
    Matcher matcher = SIZE.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    int bug = matcher.group(3) == null ? 0 : Integer.parseInt(matcher.group(3));
    return Optional.of(
        new Yardstick(
            Integer.parseInt(matcher.group(1)),
            Integer.parseInt(matcher.group(2)),
            Yardstick.Bug.values()[bug]));
  }
}
