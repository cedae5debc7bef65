package dev.faultline.scenario.yaml;

import java.util.Collection;
import java.util.Optional;

/** The word that was meant, for one that is not known. */
public final class Nearest {

  /** So many words are worth listing; all acts of a revision are. */
  private static final int FEW = 40;

  private Nearest() {}

  /** "; did you mean \"dma-map\"?", or "; one of: ..." where nothing is near and they are few. */
  public static String hint(String found, Collection<String> known) {
    Optional<String> nearest = of(found, known);
    if (nearest.isPresent()) {
      return "; did you mean \"" + nearest.get() + "\"?";
    }
    return known.isEmpty() || known.size() > FEW ? "" : "; one of: " + String.join(", ", known);
  }

  /** The nearest known word, if it is near. */
  public static Optional<String> of(String found, Collection<String> known) {
    Optional<String> best = Optional.empty();
    int bestDistance = Math.max(2, Math.min(found.length(), 40) / 3) + 1;
    for (String word : known) {
      // Each letter more is a step, so most words need no closer look.
      if (Math.abs(found.length() - word.length()) >= bestDistance) {
        continue;
      }
      int distance = distance(found, word);
      if (distance < bestDistance) {
        bestDistance = distance;
        best = Optional.of(word);
      }
    }
    return best;
  }

  /** How many letters have to be put in, left out, changed or swapped with the next. */
  private static int distance(String first, String second) {
    if (Math.abs(first.length() - second.length()) > 20 || first.length() > 60) {
      return Integer.MAX_VALUE;
    }
    int[][] cost = new int[first.length() + 1][second.length() + 1];
    for (int i = 0; i <= first.length(); i++) {
      for (int j = 0; j <= second.length(); j++) {
        if (i == 0 || j == 0) {
          cost[i][j] = i + j;
          continue;
        }
        int change = first.charAt(i - 1) == second.charAt(j - 1) ? 0 : 1;
        cost[i][j] =
            Math.min(cost[i - 1][j - 1] + change, 1 + Math.min(cost[i - 1][j], cost[i][j - 1]));
        boolean swapped =
            i > 1
                && j > 1
                && first.charAt(i - 1) == second.charAt(j - 2)
                && first.charAt(i - 2) == second.charAt(j - 1);
        if (swapped) {
          cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
        }
      }
    }
    return cost[first.length()][second.length()];
  }
}
