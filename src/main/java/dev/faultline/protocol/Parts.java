package dev.faultline.protocol;

import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/** The parts of a party's state. Immutable. */
public interface Parts {

  /** What a part holds. */
  <T> T get(Part<T> part);

  /**
   * What can be told of a part by a look at it. Who keeps track of what a decision depends on knows
   * that it is only this.
   */
  default <T, P> P look(Part<T> part, Function<? super T, P> look) {
    return look.apply(get(part));
  }

  /** The same with another value in a part. */
  <T> Parts with(Part<T> part, T value);

  /**
   * The keys of the parts of one family that do not hold their initial value, in order.
   *
   * @param of which keys are asked for
   */
  <K> List<K> keys(Family<K, ?> family, Predicate<? super K> of);

  /** The keys of all parts of one family that do not hold their initial value, in order. */
  default <K> List<K> keys(Family<K, ?> family) {
    return keys(family, _ -> true);
  }

  /** Whether some part of a family does not hold its initial value. */
  default boolean hasAny(Family<?, ?> family) {
    return !keys(family).isEmpty();
  }
}
