package dev.faultline.protocol.message;

import java.util.Comparator;

/**
 * The identity of a party: its kind and the name that scenarios give it.
 *
 * @param kind what the party is
 * @param name unique in its world, lower case
 */
public record PartyId(PartyKind kind, String name) implements Comparable<PartyId> {

  private static final Comparator<PartyId> ORDER =
      Comparator.comparing(PartyId::kind).thenComparing(PartyId::name);

  public PartyId {
    if (name.isEmpty()) {
      throw new IllegalArgumentException("a party needs a name");
    }
  }

  public static PartyId of(PartyKind kind, String name) {
    return new PartyId(kind, name);
  }

  @Override
  public int compareTo(PartyId other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return name;
  }
}
