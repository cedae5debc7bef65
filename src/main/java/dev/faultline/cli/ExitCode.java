package dev.faultline.cli;

/**
 * The numbers with which Faultline answers its caller; they are part of its interface. A process
 * that is ended by a signal answers with 128 and the signal's number: 130 for Ctrl-C.
 */
final class ExitCode {

  /** Everything came out as the scenario, the journal or the caller expected. */
  static final int AS_EXPECTED = 0;

  /**
   * An expectation of the scenario or a property of the protocol failed, the run was stopped before
   * its end, or the model disagreed with a kernel's trace.
   */
  static final int NOT_AS_EXPECTED = 1;

  /** The command line, a scenario, a design, a journal or a trace is wrong. */
  static final int BAD_INPUT = 2;

  /** A bug of our own, or a write that failed. */
  static final int BROKEN = 3;

  /** A journal is decided otherwise now: it is no replay, and a run does not go on with it. */
  static final int DIVERGED = 4;

  private ExitCode() {}
}
