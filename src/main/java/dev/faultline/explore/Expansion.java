package dev.faultline.explore;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A part of a level at the hands of one worker. */
final class Expansion {

  /** What is known of what actors do, for as long as nobody learns. */
  record Rules(long[] tree, Outcomes outcomes, int[] roots, Gates gates, boolean partialOrder) {}

  /** Some states of one region, in order. */
  record Span(int region, int from, int to) {}

  final Buffers buffers = new Buffers();
  Orbits.@Nullable Room room;
  final List<Long> missed = new ArrayList<>();
  final List<long[]> ends = new ArrayList<>();
  long transitions;
  private long[] next = new long[64];
  private int[] found = new int[64];
  private long[] open = new long[1];

  void clear() {
    missed.clear();
    ends.clear();
    transitions = 0;
  }

  /** Finds what the states of some spans lead to. */
  void run(Store store, Rules rules, List<Span> spans) {
    clear();
    for (Span span : spans) {
      Region region = store.regions[span.region()];
      for (int index = span.from(); index < span.to(); index++) {
        expand(rules, region.block(index), region.offset(index), span.region(), index);
      }
    }
  }

  /** Finds what a state leads to; if that is not known, the state is missed. */
  void expand(Rules rules, long[] states, int at, int region, int index) {
    int count = lists(rules, states, at);
    if (count < 0) {
      missed.add((long) region << 32 | index);
      return;
    }
    Outcomes outcomes = rules.outcomes();
    if (count == 0) {
      ends.add(Arrays.copyOfRange(states, at, at + outcomes.words()));
      return;
    }
    boolean plain = outcomes.words() == 1 && room == null;
    for (int each = 0; each < count; each++) {
      transitions +=
          plain
              ? outcomes.follow(found[each], states[at], buffers)
              : outcomes.follow(found[each], states, at, next, room, buffers);
    }
  }

  /**
   * Finds the lists of what can be done in a state, without those that the search leaves out.
   *
   * @return how many there are; negative if not all is known
   */
  private int lists(Rules rules, long[] states, int at) {
    int[] roots = rules.roots();
    if (found.length < roots.length) {
      found = new int[2 * roots.length];
      open = new long[(found.length + 63) / 64];
    }
    Outcomes outcomes = rules.outcomes();
    boolean single = outcomes.words() == 1;
    long[] tree = rules.tree();
    int count = 0;
    rules.gates().open(states, at, open);
    for (int word = 0; word << 6 < roots.length; word++) {
      for (long bits = open[word]; bits != 0; bits &= bits - 1) {
        int root = roots[word << 6 | Long.numberOfTrailingZeros(bits)];
        long x = single ? Memo.walk(tree, root, states[at]) : Memo.walk(tree, root, states, at);
        if (x == 0) {
          return -1;
        }
        if (x != ~0L) {
          found[count++] = (int) ~x;
        }
      }
    }
    for (int each = 0; rules.partialOrder() && each < count; each++) {
      if (outcomes.commutes(found[each])) {
        found[0] = found[each];
        count = 1;
      }
    }
    return count;
  }

  /** Takes the states that a state leads to. */
  interface Led {
    void to(long[] next);
  }

  /**
   * Tells what a state leads to by some of the moves.
   *
   * @param among by list of outcomes, a bit for each that is followed; all of lists beyond
   * @return whether all is known; if not, nothing is told
   */
  boolean each(Rules rules, long[] among, long[] states, int at, Led led) {
    int count = lists(rules, states, at);
    Outcomes outcomes = rules.outcomes();
    for (int each = 0; each < count; each++) {
      long followed = found[each] < among.length ? among[found[each]] : -1;
      int outcomeCount = followed == 0 ? 0 : outcomes.count(found[each]);
      for (int outcome = 0; outcome < outcomeCount; outcome++) {
        if ((followed >>> Math.min(outcome, 63) & 1) != 0) {
          outcomes.follow(found[each], outcome, states, at, next);
          if (room != null) {
            room.canonical(next);
          }
          led.to(next);
        }
      }
    }
    return count >= 0;
  }
}
