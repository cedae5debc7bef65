package dev.faultline.protocol;

import dev.faultline.protocol.memory.Errno;

/** How a step looks from outside. */
public sealed interface Outcome {

  /** The party did what it was told, or went on. */
  record Done() implements Outcome {}

  /**
   * The party refused: the protocol's no.
   *
   * @param errno what the one who asked is answered, or what the VM dies of
   * @param reason who holds what, in words
   */
  record Refused(Errno errno, String reason) implements Outcome {}

  /**
   * An access was answered with a signal: SIGBUS of a host fault.
   *
   * @param reason what the access met, in words
   */
  record Signalled(String reason) implements Outcome {}

  /**
   * The stimulus meant nothing here, or came too late: the state stays as it is.
   *
   * @param reason why, in words
   */
  record Ignored(String reason) implements Outcome {}
}
