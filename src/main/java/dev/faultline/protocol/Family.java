package dev.faultline.protocol;

import java.util.function.Function;

/**
 * Parts of one kind that differ by a key: the page tables by process, the tasks by number.
 *
 * <p>A constant of the party's state; two families are the same only if they are the same object.
 *
 * @param <K> what tells its parts from one another
 * @param <T> what each part holds
 */
public final class Family<K, T> {

  private final String name;
  private final T initial;
  private final Function<K, String> word;

  /**
   * @param name unique within the party
   * @param initial what a part holds in a state that does not mention it
   * @param word a key as a word; different keys have different words
   */
  public Family(String name, T initial, Function<K, String> word) {
    this.name = name;
    this.initial = initial;
    this.word = word;
  }

  public String name() {
    return name;
  }

  public T initial() {
    return initial;
  }

  public Part<T> of(K key) {
    return new Part<>(this, key, word.apply(key));
  }

  @Override
  public String toString() {
    return name;
  }
}
