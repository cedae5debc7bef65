package dev.faultline.cli;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** The word that somebody who mistyped another probably meant. */
final class NearestWord {

  private NearestWord() {}

  /**
   * The word of {@code candidates} that is fewest edits from {@code word}, the first of equals;
   * none if more than a third of it, and more than one letter, would have to change.
   */
  static Optional<String> of(String word, Collection<String> candidates) {
    int tolerated = Math.max(1, (word.length() + 1) / 3);
    return candidates.stream()
        .filter(candidate -> edits(word, candidate) <= tolerated)
        .min(Comparator.comparingInt(candidate -> edits(word, candidate)));
  }

  /**
   * Insertions, deletions, replacements and swaps of neighbours that lead from one to the other.
   */
  private static int edits(String from, String to) {
    int[][] distance = new int[from.length() + 1][to.length() + 1];
    for (int i = 0; i <= from.length(); i++) {
      for (int j = 0; j <= to.length(); j++) {
        distance[i][j] = i == 0 || j == 0 ? i + j : edits(from, to, distance, i, j);
      }
    }
    return distance[from.length()][to.length()];
  }

  private static int edits(String from, String to, int[][] distance, int i, int j) {
    int replacement = from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1;
    int least =
        Math.min(
            distance[i - 1][j - 1] + replacement,
            Math.min(distance[i - 1][j], distance[i][j - 1]) + 1);
    boolean swapped =
        i > 1
            && j > 1
            && from.charAt(i - 1) == to.charAt(j - 2)
            && from.charAt(i - 2) == to.charAt(j - 1);
    return swapped ? Math.min(least, distance[i - 2][j - 2] + 1) : least;
  }
}
