package dev.faultline.world;

import dev.faultline.protocol.Decided;
import dev.faultline.protocol.Decider;
import dev.faultline.protocol.Event;
import dev.faultline.protocol.Parts;
import dev.faultline.protocol.PartyState;
import dev.faultline.protocol.Stimulus;
import dev.faultline.protocol.message.Message;
import dev.faultline.protocol.message.TaskId;
import java.util.List;
import java.util.function.Predicate;

/** A party to which something has happened before the world's first step. */
record Begun<S extends PartyState, M extends Message, E extends Event>(
    Decider<S, M, E> party, List<E> events) implements Decider<S, M, E> {

  Begun {
    events = List.copyOf(events);
  }

  @Override
  public S initialState() {
    S state = party.initialState();
    for (E event : events) {
      state = party.evolve(state, event);
    }
    return state;
  }

  @Override
  public S state(Parts parts) {
    return party.state(parts);
  }

  @Override
  public List<TaskId> standing() {
    return party.standing();
  }

  @Override
  public boolean canMove(S state, TaskId id) {
    return party.canMove(state, id);
  }

  @Override
  public List<TaskId> movable(S state) {
    return party.movable(state);
  }

  @Override
  public Decided<E> decide(S state, Stimulus<M> stimulus, Predicate<TaskId> taken) {
    return party.decide(state, stimulus, taken);
  }

  @Override
  public S evolve(S state, E event) {
    return party.evolve(state, event);
  }
}
