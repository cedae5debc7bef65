package dev.faultline.explore;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * How a state is written in a few words: each value of a family has a number, each slot some bits.
 * 0 is the initial value, so the initial state is all zeros, and a slot that shows up late changes
 * nothing in the states before.
 */
final class Space {

  /** The bits of a word that are used; one is left, so that no word is negative. */
  private static final int WORD_BITS = 63;

  /** The values of one family, by number. */
  private static final class Values {
    final Map<Object, Integer> numbers = new HashMap<>();
    final List<Object> values = new ArrayList<>();

    int number(Object value) {
      Integer known = numbers.get(value);
      if (known != null) {
        return known;
      }
      numbers.put(value, values.size());
      values.add(value);
      return values.size() - 1;
    }
  }

  private final Map<String, Values> families = new TreeMap<>();
  private final List<Slot<?>> slots = new ArrayList<>();
  private final List<Values> valuesOf = new ArrayList<>();
  private final Map<Slot<?>, Integer> indices = new HashMap<>();
  private int[] word = new int[0];
  private int[] shift = new int[0];
  private int[] width = new int[0];
  private int words = 1;
  private boolean outgrown;
  private final Map<Object, List<Slot<?>>> groups = new HashMap<>();

  Space(List<Slot<?>> first) {
    first.forEach(this::index);
    lay(0, false);
  }

  /** The place of a slot, which is known from now on. */
  int index(Slot<?> slot) {
    Integer known = indices.get(slot);
    if (known != null) {
      return known;
    }
    int index = slots.size();
    indices.put(slot, index);
    slots.add(slot);
    Values values = families.computeIfAbsent(slot.family(), _ -> new Values());
    if (values.number(slot.initial()) != 0) {
      throw new IllegalArgumentException("slots of family " + slot.family() + " begin otherwise");
    }
    valuesOf.add(values);
    outgrown = true;
    return index;
  }

  /** The place of a slot, or -1 if it is not known. */
  int find(Slot<?> slot) {
    return indices.getOrDefault(slot, -1);
  }

  Collection<Slot<?>> slots() {
    return Collections.unmodifiableList(slots);
  }

  /** The slots that were known when the places were given: until they are given anew, all. */
  List<Slot<?>> laid() {
    return Collections.unmodifiableList(slots.subList(0, width.length));
  }

  /** Those of them whose keys have something in common, in the same order. */
  List<Slot<?>> laid(Object group) {
    return groups.getOrDefault(group, List.of());
  }

  /** The number of a value; a new one may not fit, which {@link #isOutgrown} tells. */
  int number(int slot, Object value) {
    int number = valuesOf.get(slot).number(value);
    if (slot >= width.length || number >>> width[slot] != 0) {
      outgrown = true;
    }
    return number;
  }

  Object value(int slot, int number) {
    return valuesOf.get(slot).values.get(number);
  }

  /** How many values have been seen of the kind that a slot holds. */
  int values(int slot) {
    return valuesOf.get(slot).values.size();
  }

  /** Whether slots or values have been seen for which there are no bits. */
  boolean isOutgrown() {
    return outgrown;
  }

  int words() {
    return words;
  }

  int word(int slot) {
    return word[slot];
  }

  int shift(int slot) {
    return shift[slot];
  }

  int width(int slot) {
    return slot < width.length ? width[slot] : 0;
  }

  /** The number of what a slot holds in a state. */
  int numberIn(long[] states, int at, int slot) {
    if (slot >= width.length) {
      return 0;
    }
    return (int) (states[at + word[slot]] >>> shift[slot]) & (1 << width[slot]) - 1;
  }

  /** Where everything lies: a copy, to read states that were written so. */
  record Layout(int words, int[] word, int[] shift, int[] width) {

    int numberIn(long[] states, int at, int slot) {
      return (int) (states[at + word[slot]] >>> shift[slot]) & (1 << width[slot]) - 1;
    }
  }

  Layout layout() {
    return new Layout(words, word, shift, width);
  }

  /**
   * Gives every slot enough bits for the values seen, and outgrown ones a spare bit.
   *
   * @param roomy whether what is left of the words is given away too, to the fullest slots first:
   *     where many states have to be written anew, that should not come soon again
   * @return how states were written before
   */
  Layout grow(boolean roomy) {
    Layout before = layout();
    lay(1, roomy);
    return before;
  }

  private void lay(int spare, boolean roomy) {
    int count = slots.size();
    for (int slot = width.length; slot < count; slot++) {
      if (slots.get(slot).key() instanceof Slot.Grouped key) {
        groups.computeIfAbsent(key.group(), _ -> new ArrayList<>()).add(slots.get(slot));
      }
    }
    int[] wider = new int[count];
    int[] fill = new int[64];
    int[] newWord = new int[count];
    int[] newShift = new int[count];
    for (int slot = 0; slot < count; slot++) {
      int last = valuesOf.get(slot).values.size() - 1;
      int needed = 32 - Integer.numberOfLeadingZeros(last);
      int had = width(slot);
      wider[slot] = needed > had && needed > 1 ? needed + spare : Math.max(needed, had);
    }
    // The first word that has room: words are filled, and the place of a slot depends on no luck.
    int used = 1;
    for (int slot = 0; slot < count; slot++) {
      int at = 0;
      while (fill[at] + wider[slot] > WORD_BITS) {
        at++;
      }
      newWord[slot] = at;
      fill[at] += wider[slot];
      used = Math.max(used, at + 1);
    }
    if (roomy) {
      widen(newWord, wider, fill);
    }
    int[] next = new int[used];
    for (int slot = 0; slot < count; slot++) {
      newShift[slot] = next[newWord[slot]];
      next[newWord[slot]] += wider[slot];
    }
    word = newWord;
    shift = newShift;
    width = wider;
    words = used;
    outgrown = false;
  }

  /** Gives the fullest slots one more bit, where their words have one left. */
  private void widen(int[] words, int[] widths, int[] fill) {
    IntStream.range(0, widths.length)
        .filter(slot -> values(slot) > 1)
        .boxed()
        .sorted(Comparator.comparingInt(slot -> -((values(slot) << 8) >>> widths[slot])))
        .filter(slot -> values(slot) << 1 > 1 << widths[slot])
        .forEach(
            slot -> {
              if (fill[words[slot]] < WORD_BITS) {
                fill[words[slot]]++;
                widths[slot]++;
              }
            });
  }

  /** Writes a state in which some slots hold what they do not begin with. */
  long[] write(Map<Slot<?>, Object> values) {
    values.forEach((slot, value) -> number(index(slot), value));
    lay(0, false);
    long[] state = new long[words];
    values.forEach(
        (slot, value) -> {
          int index = index(slot);
          state[word[index]] |= (long) number(index, value) << shift[index];
        });
    return state;
  }

  /** Writes a state again as it is written now. */
  void rewrite(Layout before, long[] states, int at, long[] target) {
    Arrays.fill(target, 0, words, 0);
    for (int slot = 0; slot < before.width().length; slot++) {
      target[word[slot]] |= (long) before.numberIn(states, at, slot) << shift[slot];
    }
  }

  /** A number that is alike where states are written alike. */
  long sum() {
    long sum = words;
    for (int slot = 0; slot < slots.size(); slot++) {
      sum = Course.sum(sum, slots.get(slot).toString().hashCode());
      sum = Course.sum(sum, valuesOf.get(slot).values.size());
    }
    for (int slot = 0; slot < width.length; slot++) {
      sum = Course.sum(sum, (long) word[slot] << 32 | (long) shift[slot] << 16 | width[slot]);
    }
    return sum;
  }

  int bits() {
    int bits = 0;
    for (int each : width) {
      bits += each;
    }
    return bits;
  }

  /** How many values each family has, by its name. */
  Map<String, Integer> sizes() {
    Map<String, Integer> sizes = new TreeMap<>();
    families.forEach((family, values) -> sizes.put(family, values.values.size()));
    return sizes;
  }
}
