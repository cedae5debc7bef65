package dev.faultline.protocol.design;

/** A step of a compiled {@link Program}. */
public sealed interface Instruction {

  /** Take a lock; the task cannot move while another keeps it from that. */
  record Acquire(Lock lock, LockMode mode) implements Instruction {}

  /**
   * Do an act.
   *
   * @param onRefusal where to go on if it refuses
   * @param onDone where to go on if it ends the operation with success
   */
  record Perform(Act act, int onRefusal, int onDone) implements Instruction {}

  /** Let go of a lock. Done within the step of the instruction before it. */
  record Release(Lock lock) implements Instruction {}

  /** The operation is over. */
  record Return() implements Instruction {}
}
