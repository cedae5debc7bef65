package dev.faultline.runtime;

import dev.faultline.journal.JournalEntry;
import dev.faultline.scenario.Run;

/** How a run on Akka ended. */
public sealed interface RunResult {

  /**
   * To its end.
   *
   * @param recovered how many of its steps were in the journal already
   */
  record Ended(Run run, JournalEntry.WorldEnded entry, long recovered) implements RunResult {}

  /**
   * Stopped before its end, because it has as many steps as it was given. Its journal is that of a
   * run that was cut: it goes on when it is given more.
   *
   * @param recovered how many of its steps were in the journal already
   */
  record Stopped(Run run, long recovered) implements RunResult {}

  /**
   * The journal could not be written, or not be read back.
   *
   * @param began this run was the one that writes the journal, and may have added to it
   */
  record Failed(String reason, boolean began) implements RunResult {

    /** Before this run could write anything. */
    public Failed(String reason) {
      this(reason, false);
    }
  }

  /** A mistake of ours: two rigs do not agree. */
  record Bug(String reason) implements RunResult {}
}
