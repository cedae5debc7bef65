package dev.faultline.scenario.yaml;

import java.util.Map;

/** The decoded fields of a mapping. */
public final class Values {

  private final Position at;
  private final Map<Field<?>, Object> values;

  Values(Position at, Map<Field<?>, Object> values) {
    this.at = at;
    this.values = values;
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
  public <T> T get(Field<T> field) {
    Object value = values.get(field);
    if (value == null) {
      throw new IllegalArgumentException("no field " + field.name() + " was declared");
    }
    @SuppressWarnings("unchecked") // put there by decoding this very field
    T typed = (T) value;
    return typed;
  }
}
