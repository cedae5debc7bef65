package dev.faultline.protocol;

import java.util.List;

/**
 * What a party does about a stimulus: what happens to it, what it sends, how it looks from outside.
 */
public record Decision<E extends Event>(List<E> events, List<Send> sends, Outcome outcome)
    implements Decided<E> {

  public Decision {
    events = List.copyOf(events);
    sends = List.copyOf(sends);
  }
}
