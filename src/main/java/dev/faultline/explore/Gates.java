package dev.faultline.explore;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Which actors need not be asked in a state: those of which it is known that they do nothing while
 * the slot that they read first holds what it began with. Most channels are empty, most tasks are
 * not there.
 */
final class Gates {

  private final int words;
  // Actors that are asked in every state, a bit each.
  private final long[] always;
  // By word of a state: the bits of slots that are gates; by bit: the gate that it belongs to.
  private final long[] watched;
  private final Gate[][] gates;

  /** A slot, by its bits of a word, and the actors that are asked if one of them is set. */
  private record Gate(long mask, int[] actors) {}

  Gates(Memo memo, Space space, int[] roots) {
    this.words = space.words();
    this.always = new long[(roots.length + 63) / 64];
    this.watched = new long[words];
    this.gates = new Gate[words][64];
    int[] slots = new int[roots.length];
    for (int actor = 0; actor < roots.length; actor++) {
      slots[actor] = memo.gate(roots[actor]);
    }
    for (int actor = 0; actor < roots.length; actor++) {
      if (slots[actor] < 0) {
        always[actor >> 6] |= 1L << actor;
      } else {
        add(space, slots, slots[actor]);
      }
    }
  }

  private void add(Space space, int[] slots, int slot) {
    int word = space.word(slot);
    int shift = space.shift(slot);
    if (gates[word][shift] != null) {
      return;
    }
    long mask = ((1L << space.width(slot)) - 1) << shift;
    List<Integer> actors = new ArrayList<>();
    for (int actor = 0; actor < slots.length; actor++) {
      if (slots[actor] == slot) {
        actors.add(actor);
      }
    }
    Gate gate = new Gate(mask, actors.stream().mapToInt(actor -> actor).toArray());
    watched[word] |= mask;
    Arrays.fill(gates[word], shift, shift + space.width(slot), gate);
  }

  /** Tells which actors have to be asked in a state, a bit each. */
  void open(long[] states, int at, long[] open) {
    System.arraycopy(always, 0, open, 0, always.length);
    for (int word = 0; word < words; word++) {
      long bits = states[at + word] & watched[word];
      while (bits != 0) {
        Gate gate = gates[word][Long.numberOfTrailingZeros(bits)];
        for (int actor : gate.actors()) {
          open[actor >> 6] |= 1L << actor;
        }
        bits &= ~gate.mask();
      }
    }
  }
}
