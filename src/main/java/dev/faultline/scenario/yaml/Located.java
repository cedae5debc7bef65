package dev.faultline.scenario.yaml;

import java.util.function.Function;

/**
 * A value with the place it was read from.
 *
 * @param value what was read
 * @param at where it stands
 */
public record Located<T>(T value, Position at) {

  /** Another value at the same place. */
  public <U> Located<U> map(Function<? super T, ? extends U> change) {
    return new Located<>(change.apply(value), at);
  }
}
