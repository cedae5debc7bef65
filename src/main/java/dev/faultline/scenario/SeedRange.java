package dev.faultline.scenario;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Seeds of the random schedule, both ends included.
 *
 * @param first any whole number
 * @param last not below the first; at most 2^31 - 1 seeds in all
 */
public record SeedRange(long first, long last) {

  private static final Pattern TEXT = Pattern.compile("(-?[0-9]+)\\.\\.(-?[0-9]+)");

  public SeedRange {
    if (last < first || last - first < 0 || last - first >= Integer.MAX_VALUE) {
      throw new IllegalArgumentException("no range of seeds: " + first + ".." + last);
    }
  }

  /** How many seeds there are, 1..2^31 - 1. */
  public long count() {
    return last - first + 1;
  }

  /** What is wrong with the text of a range, in words; empty if nothing is. */
  public static Optional<String> mistake(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      return Optional.of("expected A..B, for instance 1..1000: both are in");
    }
    try {
      long first = Long.parseLong(matcher.group(1));
      long last = Long.parseLong(matcher.group(2));
      if (last < first) {
        return Optional.of("ends before it begins");
      }
      boolean tooMany = last - first < 0 || last - first >= Integer.MAX_VALUE;
      return tooMany ? Optional.of("at most 2147483647 seeds at once") : Optional.empty();
    } catch (NumberFormatException _) {
      return Optional.of("a seed is a whole number of 64 bits");
    }
  }

  /**
   * A range as it is written: {@code 1..1000}.
   *
   * @throws IllegalArgumentException if {@link #mistake} finds one
   */
  public static SeedRange parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("no range of seeds: " + text);
    }
    return new SeedRange(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2)));
  }
}
