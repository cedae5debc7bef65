package dev.faultline.explore;

/**
 * A place of a model's state that holds one value.
 *
 * @param family slots of one family hold values of one kind, and share their numbers
 * @param key which of its family it is; a value
 * @param initial what it holds in the first state
 * @param <T> what it can hold; a value: equal things are equal
 */
public record Slot<T>(String family, Object key, T initial) {

  @Override
  public String toString() {
    return key.toString().isEmpty() ? family : family + " " + key;
  }
}
