package dev.faultline.world;

import dev.faultline.protocol.Decided;
import dev.faultline.protocol.Decider;
import dev.faultline.protocol.Event;
import dev.faultline.protocol.Stimulus;
import dev.faultline.protocol.message.Message;
import dev.faultline.protocol.message.TaskId;
import java.util.List;

/** A party to which something has happened before the world's first step. */
record Begun<S, M extends Message, E extends Event>(Decider<S, M, E> party, List<E> events)
    implements Decider<S, M, E> {

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
  public List<TaskId> movable(S state) {
    return party.movable(state);
  }

  @Override
  public Decided<E> decide(S state, Stimulus<M> stimulus, List<TaskId> taken) {
    return party.decide(state, stimulus, taken);
  }

  @Override
  public S evolve(S state, E event) {
    return party.evolve(state, event);
  }
}
