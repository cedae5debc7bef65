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
 * same step reads what the step has done so far. It is Done unless it is refused, signalled or
 * ignored; of several outcomes the last one stands.
 *
 * <p>It is filled within one call of {@link Decider#decide} and never leaves it.
 *
 * @param <S> the party's state
 * @param <E> what can happen to the party
 */
public final class Draft<S, E extends Event> {

  private final BiFunction<S, E, S> evolve;
  private final List<E> events = new ArrayList<>();
  private final List<Send> sends = new ArrayList<>();
  private S state;
  private Outcome outcome = new Outcome.Done();

  /**
   * A decision in which nothing has happened yet.
   *
   * @param state the party's state before the step
   * @param evolve the party's {@link Decider#evolve}
   */
  public Draft(S state, BiFunction<S, E, S> evolve) {
    this.state = state;
    this.evolve = evolve;
  }

  /** The state as of the events so far. */
  public S state() {
    return state;
  }

  /**
   * Something happens to the party. Of the progress of one task in a row only the last is kept, as
   * other CPUs do not see what lies between.
   */
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

  /**
   * Sends a message when the step is done.
   *
   * @param from the task that sends: it decides the channel
   * @param to whom it is for
   */
  public void send(TaskId from, Endpoint to, Message message) {
    sends.add(new Send(from, to, message));
  }

  /**
   * The step's outcome is a refusal. Whoever asked has to be answered besides.
   *
   * @param reason who holds what, in words
   */
  public void refuse(Errno errno, String reason) {
    outcome = new Outcome.Refused(errno, reason);
  }

  /** The step's outcome is a signal to the process that accessed memory. */
  public void signal(String reason) {
    outcome = new Outcome.Signalled(reason);
  }

  /**
   * The stimulus means nothing here: the state stays as it is, and at most something is sent back.
   */
  public void ignore(String reason) {
    outcome = new Outcome.Ignored(reason);
  }

  /** What has been put together so far. */
  public Decision<E> decision() {
    return new Decision<>(events, sends, outcome);
  }
}
