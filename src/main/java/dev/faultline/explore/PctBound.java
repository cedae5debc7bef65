package dev.faultline.explore;

import java.util.Locale;

/**
 * What probabilistic concurrency testing promises of one walk: it finds a bug that needs so many
 * orderings with at least this chance, if what else is chosen (a model's own choices, the order
 * within a thread) leaves the bug possible, and the walk does not go in circles.
 *
 * @param threads n, 1 or more: the most that could be seen
 * @param steps k, 1 or more: the steps among which priorities change; it holds for bugs that need
 *     no change after them
 * @param depth d, 1 or more
 */
public record PctBound(int threads, long steps, int depth) {

  public PctBound {
    if (threads < 1 || steps < 1 || depth < 1) {
      throw new IllegalArgumentException(
          threads + " threads, " + steps + " steps, depth " + depth + ": each is at least 1");
    }
  }

  /** 1 / (n * k^(d-1)). */
  public double chance() {
    return 1 / (threads * Math.pow(steps, depth - 1));
  }

  /** The chance that none of some walks finds it, at most. */
  public double missedBy(long walks) {
    return walks == 0 ? 1 : Math.exp(walks * Math.log1p(-chance()));
  }

  /** As a sentence. */
  public String text(long walks) {
    return "a walk finds a bug of depth "
        + depth
        + " with a chance of at least 1/("
        + threads
        + (depth > 1 ? " * " + steps + (depth > 2 ? "^" + (depth - 1) : "") : "")
        + ") = 1/"
        + String.format(Locale.ROOT, "%,.0f", 1 / chance())
        + "; "
        + String.format(Locale.ROOT, "%,d", walks)
        + " walks miss it with at most "
        + percent(missedBy(walks));
  }

  private static String percent(double chance) {
    return String.format(Locale.ROOT, "%.3g %%", 100 * chance);
  }
}
