package dev.faultline.protocol.message;

import java.util.Comparator;

/**
 * Who sends or is answered: a task of a party.
 *
 * <p>A channel leads from an endpoint to a party and keeps its order; two tasks of one party are
 * two CPUs and may overtake each other.
 */
public record Endpoint(PartyId party, TaskId task) implements Comparable<Endpoint> {

  private static final Comparator<Endpoint> ORDER =
      Comparator.comparing(Endpoint::party).thenComparing(Endpoint::task);

  public static Endpoint of(PartyId party) {
    return new Endpoint(party, TaskId.NONE);
  }

  @Override
  public int compareTo(Endpoint other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return task.equals(TaskId.NONE) ? party.name() : party.name() + "#" + task;
  }
}
