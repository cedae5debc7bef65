package dev.faultline.protocol;

import java.util.List;

/**
 * What a party does about a stimulus: what happens to it, what it sends, how it looks from outside.
 *
 * @param events in the order in which {@link Decider#evolve} applies them; none if nothing changes
 * @param sends in the order in which they leave; the place in it is a part of the message's id
 * @param outcome of the step, not of the operation: a refusal may change state, and is answered
 */
public record Decision<E extends Event>(List<E> events, List<Send> sends, Outcome outcome)
    implements Decided<E> {

  public Decision {
    events = List.copyOf(events);
    sends = List.copyOf(sends);
  }

  @Override
  public List<Decision<E>> decisions() {
    return List.of(this);
  }
}
