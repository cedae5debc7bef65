package dev.faultline.world;

import dev.faultline.protocol.message.Endpoint;
import dev.faultline.protocol.message.PartyId;
import java.util.Comparator;

/** The way from a task of one party to another party; it keeps its order, and nothing else does. */
public record Channel(Endpoint from, PartyId to) implements Comparable<Channel> {

  private static final Comparator<Channel> ORDER =
      Comparator.comparing(Channel::from).thenComparing(Channel::to);

  @Override
  public int compareTo(Channel other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return from + " -> " + to;
  }
}
