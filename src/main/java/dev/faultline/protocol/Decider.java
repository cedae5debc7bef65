package dev.faultline.protocol;

import dev.faultline.protocol.message.Message;
import dev.faultline.protocol.message.TaskId;
import java.util.List;
import java.util.function.Predicate;

/**
 * One party of the protocol as pure functions: the only definition of what it does, whoever drives
 * it.
 *
 * @param <S> its state
 * @param <M> what it can be told
 * @param <E> what can happen to it
 */
public interface Decider<S extends PartyState, M extends Message, E extends Event> {

  /** The state before the world's first step. */
  S initialState();

  /** The state that consists of the given parts. */
  S state(Parts parts);

  /**
   * The tasks that can take their next step now, in order; the others wait for a lock or an answer.
   */
  List<TaskId> movable(S state);

  /** Tasks that are no part of a state's tasks, and move when the rest of it calls for them. */
  default List<TaskId> standing() {
    return List.of();
  }

  /** Whether a task can take its next step now; of one that is not under way, no. */
  default boolean canMove(S state, TaskId id) {
    return movable(state).contains(id);
  }

  /**
   * What the party does about a stimulus. Never throws for anything that a peer can send: a refusal
   * is an outcome, and whoever waits for an answer gets one.
   *
   * @param state as the events of all steps before have made it
   * @param stimulus what the party is told, or that a task moves, or that its process dies
   * @param taken whether messages under way still name a task number; a new task gets none of them
   */
  Decided<E> decide(S state, Stimulus<M> stimulus, Predicate<TaskId> taken);

  /**
   * The state after an event.
   *
   * @throws IllegalStateException on an event that {@code decide} cannot have produced in this
   *     state: such a journal is wrong, and silence would hide it
   */
  S evolve(S state, E event);
}
