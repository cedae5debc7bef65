package dev.faultline.explore;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * States that are images of one another by a model's symmetries, an orbit, are kept as one: the
 * image whose numbers come first, slot by slot. Numbers never change, so it stays the same one when
 * states are written otherwise.
 */
final class Orbits {

  private final Space space;
  private final List<Symmetry> symmetries;
  // For each symmetry and slot: the slot whose value comes here, and what its numbers become.
  private int[][] source = new int[0][];
  private int[][][] image = new int[0][][];

  Orbits(Space space, List<Symmetry> symmetries) {
    this.space = space;
    this.symmetries = List.copyOf(symmetries);
  }

  boolean isTrivial() {
    return symmetries.isEmpty();
  }

  /** Learns the images of all values seen; they may be new values themselves. */
  void extend() {
    boolean more = !symmetries.isEmpty();
    while (more) {
      more = false;
      source = Arrays.copyOf(source, symmetries.size());
      image = Arrays.copyOf(image, symmetries.size());
      for (int symmetry = 0; symmetry < symmetries.size(); symmetry++) {
        more |= extend(symmetry);
      }
    }
  }

  private boolean extend(int symmetry) {
    Symmetry exchange = symmetries.get(symmetry);
    List<Slot<?>> slots = new ArrayList<>(space.slots());
    boolean more = false;
    int[] from = new int[slots.size()];
    int[][] images =
        image[symmetry] == null
            ? new int[slots.size()][]
            : Arrays.copyOf(image[symmetry], slots.size());
    for (int slot = 0; slot < slots.size(); slot++) {
      int target = space.index(exchange.slot(slots.get(slot)));
      if (target >= from.length) {
        return true;
      }
      from[target] = slot;
      int known = images[slot] == null ? 0 : images[slot].length;
      int count = space.values(slot);
      if (known < count) {
        images[slot] = images[slot] == null ? new int[count] : Arrays.copyOf(images[slot], count);
        for (int number = known; number < count; number++) {
          Object value = exchange.value(slots.get(slot), space.value(slot, number));
          images[slot][number] = space.number(target, value);
        }
        more |= space.values(slot) > count || space.values(target) > images[slot].length;
      }
    }
    source[symmetry] = from;
    image[symmetry] = images;
    return more;
  }

  /** Takes a change of a slot, by numbers. */
  interface Change {
    void take(int slot, int was, int is);
  }

  /** Tells a change, and what it is under each symmetry. */
  void images(Outcomes.Written written, Change change) {
    int slot = space.index(written.slot());
    change.take(slot, written.was(), written.is());
    for (int symmetry = 0; symmetry < symmetries.size(); symmetry++) {
      int target = space.index(symmetries.get(symmetry).slot(written.slot()));
      int[] images = image[symmetry][slot];
      change.take(target, images[written.was()], images[written.is()]);
    }
  }

  /** Room for one thread. */
  final class Room {
    private int[] numbers = new int[0];
    private int[] best = new int[0];

    /** Puts the state of an orbit that is kept in the place of one of its states. */
    void canonical(long[] state) {
      int slots = space.laid().size();
      if (numbers.length < slots) {
        numbers = new int[slots];
        best = new int[slots];
      }
      for (int slot = 0; slot < slots; slot++) {
        numbers[slot] = space.numberIn(state, 0, slot);
      }
      System.arraycopy(numbers, 0, best, 0, slots);
      boolean other = false;
      for (int symmetry = 0; symmetry < symmetries.size(); symmetry++) {
        other |= improve(source[symmetry], image[symmetry], slots);
      }
      if (other) {
        Arrays.fill(state, 0, space.words(), 0);
        for (int slot = 0; slot < slots; slot++) {
          state[space.word(slot)] |= (long) best[slot] << space.shift(slot);
        }
      }
    }

    /** Takes an image for the best if its numbers come before those of the best so far. */
    private boolean improve(int[] from, int[][] images, int slots) {
      for (int slot = 0; slot < slots; slot++) {
        int number = images[from[slot]][numbers[from[slot]]];
        if (number > best[slot]) {
          return false;
        }
        if (number < best[slot]) {
          for (int rest = slot; rest < slots; rest++) {
            best[rest] = images[from[rest]][numbers[from[rest]]];
          }
          return true;
        }
      }
      return false;
    }
  }
}
