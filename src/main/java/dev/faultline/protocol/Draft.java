package dev.faultline.protocol;

import dev.faultline.protocol.memory.Errno;
import dev.faultline.protocol.message.Endpoint;
import dev.faultline.protocol.message.Message;
import dev.faultline.protocol.message.TaskId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/**
 * A decision in the making: each event is applied to the state at once, so that what follows in the
 * same step reads what the step has done so far.
 */
public final class Draft<S, E extends Event> {

  private final BiFunction<S, E, S> evolve;
  private final List<E> events = new ArrayList<>();
  private final List<Send> sends = new ArrayList<>();
  private S state;
  private Outcome outcome = new Outcome.Done();

  public Draft(S state, BiFunction<S, E, S> evolve) {
    this.state = state;
    this.evolve = evolve;
  }

  /** The state as of the events so far. */
  public S state() {
    return state;
  }

  public void happen(E event) {
    state = evolve.apply(state, event);
    if (event instanceof Event.Progress now
        && !events.isEmpty()
        && events.getLast() instanceof Event.Progress before
        && before.id().equals(now.id())) {
      events.removeLast();
    }
    events.add(event);
  }

  public void send(TaskId from, Endpoint to, Message message) {
    sends.add(new Send(from, to, message));
  }

  public void refuse(Errno errno, String reason) {
    outcome = new Outcome.Refused(errno, reason);
  }

  public void signal(String reason) {
    outcome = new Outcome.Signalled(reason);
  }

  public void ignore(String reason) {
    outcome = new Outcome.Ignored(reason);
  }

  public Decision<E> decision() {
    return new Decision<>(events, sends, outcome);
  }
}
