package dev.faultline.protocol;

import dev.faultline.protocol.memory.Errno;

/** How a step looks from outside. */
public sealed interface Outcome {

  /** The party did what it was told, or went on. */
  record Done() implements Outcome {}

  /**
   * The party refused: the protocol's no.
   *
   * @param reason who holds what, in words
   */
  record Refused(Errno errno, String reason) implements Outcome {}

  /** An access was answered with a signal. */
  record Signalled(String reason) implements Outcome {}

  /** The stimulus meant nothing here; nothing changed. */
  record Ignored(String reason) implements Outcome {}
}
