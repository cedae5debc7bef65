package dev.faultline.scenario.yaml;

import java.util.List;
import java.util.TreeSet;

/**
 * Collects the mistakes of all files that belong to one run, so that a user sees them at once.
 *
 * <p>Reading goes on after a mistake; whoever reads asks at the end whether there were any.
 */
public final class Problems {

  /** How many are printed; what comes after is mostly a consequence. */
  private static final int PRINTED = 20;

  /** Mails and ladders are this wide, and so are messages. */
  private static final int LINE_WIDTH = 72;

  /** A message keeps at least this width, however long the path before it is. */
  private static final int MIN_TEXT_WIDTH = 40;

  /** So many that no one reads on, and neither do we: a file of 256 KiB can have 80,000. */
  private static final int ENOUGH = 100;

  private final TreeSet<Problem> problems = new TreeSet<>();

  /** Adds a mistake; the same one at the same place counts once. */
  public void add(Position at, String text) {
    problems.add(new Problem(at, text));
  }

  /** Whether there are none. */
  public boolean isEmpty() {
    return problems.isEmpty();
  }

  /** Whether a file has one. */
  public boolean isIn(String file) {
    return problems.stream().anyMatch(problem -> problem.at().file().equals(file));
  }

  /** How many there are, each place and text once. */
  public int count() {
    return problems.size();
  }

  /** Whether looking for more would only take time. */
  public boolean isFull() {
    return count() >= ENOUGH;
  }

  /** All of them, by file, line and column. */
  public List<Problem> sorted() {
    return List.copyOf(problems);
  }

  /**
   * What a user is shown: the first {@value #PRINTED}, how many more there are, and that nothing
   * was run. Long messages are continued under their first line. Empty if there are none.
   */
  public String render() {
    if (problems.isEmpty()) {
      return "";
    }
    var block = new StringBuilder();
    problems.stream().limit(PRINTED).forEach(problem -> wrap(problem, block));
    if (count() > PRINTED) {
      block.append("and ").append(count() - PRINTED).append(" more\n");
    }
    String noun = count() == 1 ? " mistake" : " mistakes";
    return block.append(count()).append(noun).append(", nothing was run\n").toString();
  }

  private static void wrap(Problem problem, StringBuilder block) {
    String prefix = problem.at() + ": ";
    int width = Math.max(LINE_WIDTH, prefix.length() + MIN_TEXT_WIDTH);
    block.append(prefix);
    int column = prefix.length();
    boolean atStart = true;
    for (String word : problem.text().split(" ", -1)) {
      if (!atStart && column + 1 + word.length() > width) {
        block.append('\n').append(" ".repeat(prefix.length()));
        column = prefix.length();
      } else if (!atStart) {
        block.append(' ');
        column++;
      }
      block.append(word);
      column += word.length();
      atStart = false;
    }
    block.append('\n');
  }
}
