package dev.faultline.explore;

import java.util.Collection;
import java.util.function.Function;

/** The only way to read a state; what was read through it is known afterwards. */
public interface Sight {

  /** What a slot holds. */
  <T> T get(Slot<T> slot);

  /** What can be told of a slot by a look; what depends on the look alone is remembered by it. */
  <T, P> P look(Slot<T> slot, Function<? super T, P> look);

  /**
   * The slots of a group that are known, in the order in which they came to be; one that is not
   * holds its initial value.
   *
   * @param group what their keys have in common ({@link Slot.Grouped})
   */
  Collection<Slot<?>> known(Object group);
}
