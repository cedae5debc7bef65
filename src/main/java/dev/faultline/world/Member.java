package dev.faultline.world;

import dev.faultline.protocol.Decider;
import dev.faultline.protocol.Decision;
import dev.faultline.protocol.Event;
import dev.faultline.protocol.Parts;
import dev.faultline.protocol.PartyState;
import dev.faultline.protocol.Stimulus;
import dev.faultline.protocol.message.Message;
import dev.faultline.protocol.message.TaskId;
import java.util.List;
import java.util.function.Predicate;

/** A party in a world: its decider and its state, which know each other's types. */
record Member<S extends PartyState, M extends Message, E extends Event>(
    Decider<S, M, E> decider, S state) {

  static <S extends PartyState, M extends Message, E extends Event> Member<S, M, E> start(
      Decider<S, M, E> decider) {
    return new Member<>(decider, decider.initialState());
  }

  List<TaskId> movable() {
    return decider.movable(state);
  }

  boolean canMove(TaskId task) {
    return decider.canMove(state, task);
  }

  List<TaskId> standing() {
    return decider.standing();
  }

  /** The same party with other parts. */
  Member<S, M, E> with(Parts parts) {
    return new Member<>(decider, decider.state(parts));
  }

  /** What the party would do; one entry an alternative. */
  @SuppressWarnings("unchecked") // a channel leads only to a party that can be told its messages
  List<Decision<E>> decide(Stimulus<?> stimulus, Predicate<TaskId> taken) {
    return decider.decide(state, (Stimulus<M>) stimulus, taken).decisions();
  }

  @SuppressWarnings("unchecked") // an entry's events are those of the party that it names
  Member<S, M, E> evolve(List<? extends Event> events) {
    S next = state;
    for (Event event : events) {
      next = decider.evolve(next, (E) event);
    }
    return new Member<>(decider, next);
  }
}
