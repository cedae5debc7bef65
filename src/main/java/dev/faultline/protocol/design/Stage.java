package dev.faultline.protocol.design;

import java.util.List;

/** A line of an operation's list in a revision file. */
public sealed interface Stage {

  /** What follows if it refuses. */
  List<Stage> undo();

  /** How patches and reasons name it: "check-references", "hold invalidate". */
  String word();

  /**
   * An act.
   *
   * @param undo what follows if it refuses, under the locks that are held here
   */
  record Do(Act act, List<Stage> undo) implements Stage {
    public Do {
      undo = List.copyOf(undo);
    }

    public static Do of(Act act) {
      return new Do(act, List.of());
    }

    @Override
    public String word() {
      return act.word();
    }
  }

  /**
   * Takes a lock, waiting as the kernel would, and lets go of it on every way out.
   *
   * @param undo what follows if something within refuses, after the lock is let go
   */
  record Hold(Lock lock, LockMode mode, List<Stage> stages, List<Stage> undo) implements Stage {
    public Hold {
      stages = List.copyOf(stages);
      undo = List.copyOf(undo);
      if (lock.exclusiveOnly() && mode == LockMode.SHARED) {
        throw new IllegalArgumentException("the " + lock.word() + " lock is never held shared");
      }
    }

    @Override
    public String word() {
      return "hold " + lock.word();
    }
  }
}
