package dev.faultline.explore;

import java.util.Arrays;

/** States on their way into the regions, in the order in which they came. */
final class Buffers {

  final long[][] states = new long[Store.REGIONS][256];
  final int[] length = new int[Store.REGIONS];

  /** Adds the state that a change makes of another. */
  void add(int region, long[] state, int words) {
    int at = length[region];
    if (at + words > states[region].length) {
      states[region] = Arrays.copyOf(states[region], 2 * states[region].length);
    }
    for (int word = 0; word < words; word++) {
      states[region][at + word] = state[word];
    }
    length[region] = at + words;
  }

  /** Adds a state of one word. */
  void add(int region, long state) {
    int at = length[region];
    long[] into = states[region];
    if (at == into.length) {
      into = Arrays.copyOf(into, 2 * at);
      states[region] = into;
    }
    into[at] = state;
    length[region] = at + 1;
  }

  void clear() {
    Arrays.fill(length, 0);
  }
}
