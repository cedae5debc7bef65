package dev.faultline.protocol;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The parts of a party's state. A part that holds its initial value is absent, so equal states have
 * one form.
 */
public final class Parts {

  private static final Parts EMPTY =
      new Parts(Collections.unmodifiableSortedMap(new TreeMap<>(Part.ORDER)));

  private final SortedMap<Part<?>, Object> values;

  private Parts(SortedMap<Part<?>, Object> values) {
    this.values = values;
  }

  public static Parts empty() {
    return EMPTY;
  }

  public <T> T get(Part<T> part) {
    Object value = values.get(part);
    if (value == null) {
      return part.initial();
    }
    @SuppressWarnings("unchecked") // with() is the only way in, and it takes a T for a Part<T>
    T typed = (T) value;
    return typed;
  }

  public <T> Parts with(Part<T> part, T value) {
    if (get(part).equals(value)) {
      return this;
    }
    TreeMap<Part<?>, Object> changed = new TreeMap<>(Part.ORDER);
    changed.putAll(values);
    if (value.equals(part.initial())) {
      changed.remove(part);
    } else {
      changed.put(part, value);
    }
    return new Parts(Collections.unmodifiableSortedMap(changed));
  }

  /** The keys of the parts of one family that do not hold their initial value, in order. */
  public <K> List<K> keys(Family<K, ?> family) {
    List<K> keys = new ArrayList<>();
    for (Part<?> part : values.keySet()) {
      if (part.family() == family) {
        @SuppressWarnings("unchecked") // Family.of is the only way in, and it takes a K
        K key = (K) part.key();
        keys.add(key);
      }
    }
    return keys;
  }

  /** All parts that do not hold their initial value, in order. */
  public Map<Part<?>, Object> values() {
    return values;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Parts parts && values.equals(parts.values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    values.forEach((part, value) -> text.append(part).append(": ").append(value).append('\n'));
    return text.toString();
  }
}
