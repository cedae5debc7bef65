package dev.faultline.protocol;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/**
 * Parts as a state keeps them: in their order, a part that holds its initial value absent, so that
 * equal states have one form.
 */
public final class KeptParts implements Parts {

  /** Every part holds its initial value. */
  public static final KeptParts EMPTY = new KeptParts(new Part<?>[0], new Object[0]);

  private final Part<?>[] keys;
  private final Object[] values;

  private KeptParts(Part<?>[] keys, Object[] values) {
    this.keys = keys;
    this.values = values;
  }

  @Override
  public <T> T get(Part<T> part) {
    int at = find(part);
    return at < 0 ? part.initial() : value(part, at);
  }

  private <T> T value(Part<T> part, int at) {
    @SuppressWarnings("unchecked") // with() is the only way in, and it takes a T for a Part<T>
    T value = (T) values[at];
    return value;
  }

  /** Where a part is, or -1 minus where it would be. */
  private int find(Part<?> part) {
    return Arrays.binarySearch(keys, part);
  }

  @Override
  public <T> KeptParts with(Part<T> part, T value) {
    int at = find(part);
    boolean initial = value.equals(part.initial());
    if (at < 0) {
      return initial ? this : inserted(-1 - at, part, value);
    }
    if (initial) {
      return removed(at);
    }
    if (values[at].equals(value)) {
      return this;
    }
    Object[] changed = values.clone();
    changed[at] = value;
    return new KeptParts(keys, changed);
  }

  private KeptParts inserted(int at, Part<?> part, Object value) {
    Part<?>[] newKeys = new Part<?>[keys.length + 1];
    Object[] newValues = new Object[keys.length + 1];
    System.arraycopy(keys, 0, newKeys, 0, at);
    System.arraycopy(values, 0, newValues, 0, at);
    newKeys[at] = part;
    newValues[at] = value;
    System.arraycopy(keys, at, newKeys, at + 1, keys.length - at);
    System.arraycopy(values, at, newValues, at + 1, keys.length - at);
    return new KeptParts(newKeys, newValues);
  }

  private KeptParts removed(int at) {
    Part<?>[] newKeys = new Part<?>[keys.length - 1];
    Object[] newValues = new Object[keys.length - 1];
    System.arraycopy(keys, 0, newKeys, 0, at);
    System.arraycopy(values, 0, newValues, 0, at);
    System.arraycopy(keys, at + 1, newKeys, at, newKeys.length - at);
    System.arraycopy(values, at + 1, newValues, at, newKeys.length - at);
    return new KeptParts(newKeys, newValues);
  }

  /** The parts that do not hold their initial value, in order. */
  public List<Part<?>> parts() {
    return List.of(keys);
  }

  @Override
  public <K> List<K> keys(Family<K, ?> family, Predicate<? super K> of) {
    List<K> found = new ArrayList<>();
    for (Part<?> part : keys) {
      if (part.family() == family) {
        @SuppressWarnings("unchecked") // Family.of is the only way in, and it takes a K
        K key = (K) part.key();
        if (of.test(key)) {
          found.add(key);
        }
      }
    }
    return found;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof KeptParts parts
        && Arrays.equals(keys, parts.keys)
        && Arrays.equals(values, parts.values);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(keys) + Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (int at = 0; at < keys.length; at++) {
      text.append(keys[at]).append(": ").append(values[at]).append('\n');
    }
    return text.toString();
  }
}
