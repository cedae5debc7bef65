package dev.faultline.scenario.yaml;

import java.util.Optional;

/**
 * A field of a mapping: declared once, read by {@link Values#get}.
 *
 * @param name its key
 * @param shape of its value
 * @param required the mapping is wrong without it
 * @param absent what it is where it is not written; empty for a required one
 * @param about one line for editors
 */
public record Field<T>(
    String name, Shape<T> shape, boolean required, Optional<T> absent, String about) {

  public static <T> Field<T> required(String name, Shape<T> shape, String about) {
    return new Field<>(name, shape, true, Optional.empty(), about);
  }

  public static <T> Field<Optional<T>> optional(String name, Shape<T> shape, String about) {
    return new Field<>(name, shape.map(Optional::of), false, Optional.of(Optional.empty()), about);
  }

  public static <T> Field<T> withDefault(String name, Shape<T> shape, T absent, String about) {
    return new Field<>(name, shape, false, Optional.of(absent), about);
  }
}
