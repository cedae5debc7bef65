package dev.faultline.explore;

/** Takes what an actor can do. */
public interface Moves {

  /**
   * One way to act. What it changes is told to the answer, at once.
   *
   * @param label what is done, as a value that a person can read
   */
  Change to(Object label);

  /** What one way to act changes. */
  interface Change {

    /** Puts a value into a slot. */
    <T> void set(Slot<T> slot, T value);

    /**
     * This step commutes with all that others can do, now and later, until it is taken; no promise
     * sees it; and it cannot be taken for ever without others in between.
     */
    default void commutes() {}
  }
}
