package dev.faultline.scenario.yaml;

import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;

/** The decoded fields of a mapping. */
public final class Values {

  private final Position at;
  private final Map<Field<?>, Object> values = new IdentityHashMap<>();

  Values(Position at) {
    this.at = at;
  }

  <T> void put(Field<T> field, T value) {
    values.put(field, value);
  }

  /** Where the mapping starts. */
  public Position at() {
    return at;
  }

  /**
   * The value of a field.
   *
   * @throws IllegalArgumentException if the mapping was not declared with it
   */
  @SuppressWarnings("unchecked") // put() lets only a T in for a Field<T>
  public <T> T get(Field<T> field) {
    return (T)
        Optional.ofNullable(values.get(field))
            .orElseThrow(
                () -> new IllegalArgumentException("no field " + field.name() + " was declared"));
  }
}
