package dev.faultline.protocol.message;

/**
 * Who sends or is answered: a task of a party.
 *
 * <p>A channel leads from an endpoint to a party and keeps its order; two tasks of one party are
 * two CPUs and may overtake each other.
 */
public record Endpoint(PartyId party, TaskId task) implements Comparable<Endpoint> {

  public static Endpoint of(PartyId party) {
    return new Endpoint(party, TaskId.NONE);
  }

  @Override
  public int compareTo(Endpoint other) {
    int byParty = party.compareTo(other.party);
    return byParty != 0 ? byParty : task.compareTo(other.task);
  }

  @Override
  public String toString() {
    return task.equals(TaskId.NONE) ? party.name() : party.name() + "#" + task;
  }
}
