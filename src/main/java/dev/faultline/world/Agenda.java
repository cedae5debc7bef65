package dev.faultline.world;

import dev.faultline.protocol.Send;
import dev.faultline.protocol.message.Endpoint;
import dev.faultline.protocol.message.ToScript;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a run knows besides its world: the number of the last step, since when each step can be
 * taken, and the ids of messages under way. A value, made from the world's turns alone.
 *
 * @param step the number of the last step taken; 0 before the first
 * @param enabled what can be taken next, in the order of {@link World#enabled}
 * @param ids of the messages under way, in the order of their channel
 */
public record Agenda(long step, List<Enabled> enabled, SortedMap<Channel, List<MessageId>> ids) {

  public Agenda {
    enabled = List.copyOf(enabled);
  }

  /** Before the first step of a world. */
  public static Agenda start(World world) {
    List<Enabled> enabled = new ArrayList<>();
    world.enabled().forEach(step -> enabled.add(new Enabled(step, 0)));
    return new Agenda(0, enabled, new TreeMap<>());
  }

  /** The id of the message that a step delivers. */
  public Optional<MessageId> delivered(Step step) {
    return step instanceof Step.Deliver(Channel channel, int _)
        ? Optional.of(ids.get(channel).getFirst())
        : Optional.empty();
  }

  /**
   * After a turn.
   *
   * @param after the world after it
   */
  public Agenda next(Turn turn, World after) {
    long number = step + 1;
    TreeMap<Channel, List<MessageId>> nextIds = new TreeMap<>(ids);
    if (turn.step() instanceof Step.Deliver(Channel channel, int _)) {
      List<MessageId> waiting = ids.get(channel);
      if (waiting.size() == 1) {
        nextIds.remove(channel);
      } else {
        nextIds.put(channel, List.copyOf(waiting.subList(1, waiting.size())));
      }
    }
    int position = 0;
    for (Send send : turn.decision().sends()) {
      if (!(send.message() instanceof ToScript)) {
        Channel channel = new Channel(new Endpoint(turn.party(), send.from()), send.to().party());
        List<MessageId> waiting = new ArrayList<>(nextIds.getOrDefault(channel, List.of()));
        waiting.add(new MessageId(number, position));
        nextIds.put(channel, List.copyOf(waiting));
      }
      position++;
    }
    List<Enabled> nextEnabled = new ArrayList<>();
    for (Step possible : after.enabled()) {
      // A step that was just taken begins anew: behind a delivered message stands another one.
      nextEnabled.add(
          new Enabled(possible, possible.equals(turn.step()) ? number : since(possible, number)));
    }
    return new Agenda(number, nextEnabled, nextIds);
  }

  private long since(Step possible, long number) {
    for (Enabled known : enabled) {
      if (known.step().equals(possible)) {
        return known.since();
      }
    }
    return number;
  }
}
