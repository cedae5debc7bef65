package dev.faultline.explore;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Picks the steps of one walk, by nothing but the dice of that walk and the number of a step. */
sealed interface Picker {

  /**
   * Something that can be done.
   *
   * @param actor the place of who can do it
   * @param outcome which of its ways to act
   * @param thread on whose behalf
   * @param name of the actor
   * @param seldom what could come at every moment, and seldom does
   */
  record Candidate(int actor, int outcome, String thread, String name, boolean seldom) {}

  /**
   * The place of what is done.
   *
   * @param step its number in the walk, from 1
   * @param open at least one
   */
  int pick(long step, List<Candidate> open);

  /** The walk is where it was before, by a step on behalf of a thread. */
  default void circled(String thread) {}

  /** What of all that can be done this walk may do; nothing ends it. */
  default List<Candidate> allowed(long step, List<Candidate> open) {
    return open;
  }

  /**
   * A picker for a walk.
   *
   * @param steps that a walk is expected to take
   */
  static Picker of(Strategy strategy, Dice dice, long steps) {
    return switch (strategy) {
      case Strategy.Random() -> new Even(dice);
      case Strategy.Pct(int depth) -> new ByPriority(dice, depth, steps);
      case Strategy.Swarm() -> Configured.of(dice, steps);
    };
  }

  /** All are equally likely; but what is seldom is there at one of so many steps. */
  record Even(Dice dice) implements Picker {

    private static final int SELDOM = 16;

    @Override
    public int pick(long step, List<Candidate> open) {
      Dice rolled = dice.of(step);
      List<Integer> often = new ArrayList<>();
      for (int place = 0; place < open.size(); place++) {
        if (!open.get(place).seldom()) {
          often.add(place);
        }
      }
      boolean all = often.isEmpty() || often.size() == open.size();
      return all || rolled.of("seldom").below(SELDOM) == 0
          ? rolled.below(open.size())
          : often.get(rolled.below(often.size()));
    }
  }

  /**
   * The thread of the highest priority; within it, all are equally likely. A thread that has only
   * led the walk in a circle falls to the very end: it would go round for ever, and the others
   * never move.
   */
  final class ByPriority implements Picker {
    private final Dice dice;
    private final long[] changes;
    // Threads that have fallen: by the number of the change, after a circle below 0.
    private final Map<String, Integer> fallen = new TreeMap<>();
    private int circles;

    ByPriority(Dice dice, int depth, long steps) {
      this.dice = dice;
      this.changes = new long[depth - 1];
      for (int change = 0; change < changes.length; change++) {
        changes[change] =
            1 + Long.remainderUnsigned(dice.of("change").of(change).bits(), Math.max(1, steps));
      }
    }

    @Override
    public int pick(long step, List<Candidate> open) {
      for (int change = 0; change < changes.length; change++) {
        if (changes[change] == step) {
          fallen.put(highest(open), change);
        }
      }
      String thread = highest(open);
      List<Integer> places = new ArrayList<>();
      for (int place = 0; place < open.size(); place++) {
        if (open.get(place).thread().equals(thread)) {
          places.add(place);
        }
      }
      return places.get(dice.of(step).below(places.size()));
    }

    @Override
    public void circled(String thread) {
      fallen.put(thread, --circles);
    }

    private String highest(List<Candidate> open) {
      String highest = open.getFirst().thread();
      for (Candidate each : open) {
        if (!each.thread().equals(highest) && isAbove(each.thread(), highest)) {
          highest = each.thread();
        }
      }
      return highest;
    }

    private boolean isAbove(String thread, String other) {
      int fell = fallen.getOrDefault(thread, Integer.MAX_VALUE);
      int otherFell = fallen.getOrDefault(other, Integer.MAX_VALUE);
      return fell == otherFell ? priority(thread) > priority(other) : fell > otherFell;
    }

    /** Threads that have not fallen stand in the order of these: each order is equally likely. */
    private long priority(String thread) {
      return dice.of("priority").of(thread).bits();
    }
  }

  /**
   * A configuration: who and what is left out, who is slow.
   *
   * @param picker picks among what is left
   * @param leftOut of 16 threads and ways to act, so many are left out
   * @param slow of 16 threads, so many are slow
   */
  record Configured(Dice dice, Picker picker, int leftOut, int slow) implements Picker {

    /** A slow thread moves in one of so many steps, unless nobody else can. */
    private static final int SLOWNESS = 16;

    static Configured of(Dice dice, long steps) {
      Dice how = dice.of("configuration");
      int depth = how.of(0).below(6);
      Picker picker = depth < 2 ? new Even(dice) : new ByPriority(dice, depth, steps);
      return new Configured(how, picker, how.of(1).below(6), how.of(2).below(9));
    }

    @Override
    public List<Candidate> allowed(long step, List<Candidate> open) {
      List<Candidate> left = open.stream().filter(this::isIn).toList();
      List<Candidate> quick =
          left.stream()
              .filter(
                  each ->
                      !isSlow(each.thread())
                          || dice.of(step).of(each.thread()).below(SLOWNESS) == 0)
              .toList();
      return quick.isEmpty() ? left : quick;
    }

    private boolean isIn(Candidate candidate) {
      // Of several ways to act, one is always in: which, differs from walk to walk.
      int kept = dice.of("kept").of(candidate.name()).below(2);
      boolean way =
          candidate.outcome() == kept
              || dice.of(candidate.name()).of(candidate.outcome()).below(16) >= leftOut;
      return way && dice.of("out").of(candidate.thread()).below(16) >= leftOut;
    }

    private boolean isSlow(String thread) {
      return dice.of("slow").of(thread).below(16) < slow;
    }

    @Override
    public int pick(long step, List<Candidate> open) {
      return picker.pick(step, open);
    }

    @Override
    public void circled(String thread) {
      picker.circled(thread);
    }
  }
}
