package dev.faultline.protocol;

import dev.faultline.protocol.message.Message;
import dev.faultline.protocol.message.TaskId;
import java.util.List;

/**
 * One party of the protocol as pure functions: the only definition of what it does, whoever drives
 * it.
 *
 * @param <S> its state
 * @param <M> what it can be told
 * @param <E> what can happen to it
 */
public interface Decider<S, M extends Message, E extends Event> {

  /** The state before the world's first step. */
  S initialState();

  /**
   * The tasks that can take their next step now, in order; the others wait for a lock or an answer.
   */
  List<TaskId> movable(S state);

  /**
   * What the party does about a stimulus. Never throws for anything that a peer can send: a refusal
   * is an outcome, and whoever waits for an answer gets one.
   *
   * @param state as the events of all steps before have made it
   * @param stimulus what the party is told, or that a task moves, or that its process dies
   * @param taken task numbers that messages under way still name; a new task gets none of them
   */
  Decided<E> decide(S state, Stimulus<M> stimulus, List<TaskId> taken);

  /**
   * The state after an event.
   *
   * @throws IllegalStateException on an event that {@code decide} cannot have produced in this
   *     state: such a journal is wrong, and silence would hide it
   */
  S evolve(S state, E event);
}
