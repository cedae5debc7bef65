package dev.faultline.property;

import java.util.List;

/** What somebody waits for. */
sealed interface Wait {

  /**
   * For nobody in the world.
   *
   * @param how it is then: "can go on"
   */
  record ForNobody(String how) implements Wait {}

  /**
   * For others.
   *
   * @param what it waits for, and whose it is: "the invalidate lock, held by ..."
   * @param whom one at least
   */
  record ForSomebody(String what, List<Waiter> whom) implements Wait {
    public ForSomebody {
      whom = List.copyOf(whom);
      if (whom.isEmpty()) {
        throw new IllegalArgumentException("nobody is waited for: " + what);
      }
    }
  }
}
