package dev.faultline.protocol.design;

import java.util.List;

/** A line of an operation's list in a revision file. */
public sealed interface Stage {

  /**
   * An act.
   *
   * @param undo acts that follow in its place if it refuses, before the operation lets go of its
   *     locks
   */
  record Do(Act act, List<Act> undo) implements Stage {
    public Do {
      undo = List.copyOf(undo);
    }

    public static Do of(Act act) {
      return new Do(act, List.of());
    }
  }

  /** Takes a lock, waiting as the kernel would, and lets go of it on every way out. */
  record Hold(Lock lock, LockMode mode, List<Stage> stages) implements Stage {
    public Hold {
      stages = List.copyOf(stages);
      if (lock.exclusiveOnly() && mode == LockMode.SHARED) {
        throw new IllegalArgumentException("the " + lock.word() + " lock is never held shared");
      }
    }
  }
}
