package dev.faultline.explore;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * A place of a model's state that holds one value.
 *
 * @param family slots of one family hold values of one kind, and share their numbers
 * @param key which of its family it is; a value
 * @param initial what it holds in the first state
 * @param <T> what it can hold; a value: equal things are equal
 */
public record Slot<T>(String family, Object key, T initial) {

  /** A key of a slot that is listed with others. */
  public interface Grouped {
    /** What they have in common; a value. */
    Object group();
  }

  /** Of some slots those of a group. */
  public static List<Slot<?>> of(Object group, Collection<Slot<?>> slots) {
    List<Slot<?>> found = new ArrayList<>();
    for (Slot<?> slot : slots) {
      if (slot.key() instanceof Grouped key && key.group().equals(group)) {
        found.add(slot);
      }
    }
    return found;
  }

  /** Of what tells slots apart; what they begin with may be large. */
  @Override
  public int hashCode() {
    return 31 * family.hashCode() + key.hashCode();
  }

  @Override
  public String toString() {
    return key.toString().isEmpty() ? family : family + " " + key;
  }
}
