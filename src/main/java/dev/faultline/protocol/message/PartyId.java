package dev.faultline.protocol.message;

/**
 * The identity of a party: its kind and the name that scenarios give it.
 *
 * @param kind what the party is
 * @param name unique in its world, lower case
 */
public record PartyId(PartyKind kind, String name) implements Comparable<PartyId> {

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
    int byKind = kind.compareTo(other.kind);
    return byKind != 0 ? byKind : name.compareTo(other.name);
  }

  @Override
  public String toString() {
    return name;
  }
}
