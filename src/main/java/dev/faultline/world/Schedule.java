package dev.faultline.world;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Who is next: a pure function without state of its own. */
public sealed interface Schedule {

  /**
   * Picks a step.
   *
   * @param number the number that the step will have, from 1
   * @param enabled the steps that can be taken, at least one
   * @return an index into {@code enabled}; empty if none of them is taken
   */
  OptionalInt pick(long number, List<Enabled> enabled);

  private static boolean isByChance(Step step) {
    return step instanceof Step.Kill kill && kill.by().isEmpty();
  }

  /**
   * What has been possible longest goes first; ties by the order of the list. Nobody dies but by a
   * script: that could come at every moment, and is never overdue.
   */
  record Fifo() implements Schedule {
    @Override
    public OptionalInt pick(long number, List<Enabled> enabled) {
      int oldest = 0;
      for (int index = 1; index < enabled.size(); index++) {
        boolean dies = isByChance(enabled.get(index).step());
        if (!dies && enabled.get(index).since() < enabled.get(oldest).since()) {
          oldest = index;
        }
      }
      return OptionalInt.of(oldest);
    }
  }

  /**
   * A hash of seed and step number says. Who can die by nobody's script can at one of so many steps
   * only, so that he dies in the middle of what he does, and not before it.
   */
  record Random(long seed) implements Schedule {

    private static final int SELDOM = 16;

    @Override
    public OptionalInt pick(long number, List<Enabled> enabled) {
      long hash = mix(mix(seed) + number);
      // Such deaths stand behind all that else can happen.
      int often = (int) enabled.stream().filter(each -> !isByChance(each.step())).count();
      boolean all = often == 0 || Long.remainderUnsigned(mix(hash), SELDOM) == 0;
      return OptionalInt.of((int) Long.remainderUnsigned(hash, all ? enabled.size() : often));
    }

    /** The finalizer of SplitMix64 (Steele, Lea, Flood 2014). */
    private static long mix(long value) {
      long mixed = value + 0x9e3779b97f4a7c15L;
      mixed = (mixed ^ (mixed >>> 30)) * 0xbf58476d1ce4e5b9L;
      mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
      return mixed ^ (mixed >>> 31);
    }
  }

  /** These steps, one after the other, and then nothing. */
  record Recorded(List<Step> steps) implements Schedule {
    public Recorded {
      steps = List.copyOf(steps);
    }

    /** The step of a number, if there are so many. */
    public Optional<Step> step(long number) {
      return number <= steps.size() ? Optional.of(steps.get((int) number - 1)) : Optional.empty();
    }

    @Override
    public OptionalInt pick(long number, List<Enabled> enabled) {
      Optional<Step> step = step(number);
      for (int index = 0; index < enabled.size() && step.isPresent(); index++) {
        if (enabled.get(index).step().equals(step.get())) {
          return OptionalInt.of(index);
        }
      }
      return OptionalInt.empty();
    }
  }
}
