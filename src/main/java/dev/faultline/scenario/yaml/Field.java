package dev.faultline.scenario.yaml;

import java.util.Optional;

/**
 * A field of a mapping: declared once, read by {@link Values#get}.
 *
 * @param name its key
 * @param shape of its value
 * @param absent what it is where it is not written; empty if the mapping is wrong without it
 * @param about one line for editors
 */
public record Field<T>(String name, Shape<T> shape, Optional<T> absent, String about) {

  /** A field that the mapping is wrong without. */
  public static <T> Field<T> required(String name, Shape<T> shape, String about) {
    return new Field<>(name, shape, Optional.empty(), about);
  }

  /** A field that may be left out. */
  public static <T> Field<Optional<T>> optional(String name, Shape<T> shape, String about) {
    return withDefault(name, shape.map(Optional::of), Optional.empty(), about);
  }

  /** A field that may be left out, and what holds then. */
  public static <T> Field<T> withDefault(String name, Shape<T> shape, T absent, String about) {
    return new Field<>(name, shape, Optional.of(absent), about);
  }

  boolean isRequired() {
    return absent.isEmpty();
  }
}
