package dev.faultline.protocol;

/**
 * The name of a part of a party's state: attributes, one task, one process's page table, ...
 *
 * <p>State is cut into small parts, so that whoever searches through states can see which of them a
 * decision read.
 *
 * @param family what kind of part it is
 * @param key which one of its family; the empty text where a family has one part only
 * @param member the key as a word, for order and print
 * @param <T> what the part holds
 */
public record Part<T>(Family<?, T> family, Object key, String member)
    implements Comparable<Part<?>> {

  /**
   * A part without siblings.
   *
   * @param initial what it holds in a state that does not mention it
   */
  public static <T> Part<T> of(String name, T initial) {
    return new Family<String, T>(name, initial, key -> key).of("");
  }

  /** What it holds in a state that does not mention it. */
  public T initial() {
    return family.initial();
  }

  /**
   * The order in which parts are listed: by the name of the family, then by member, short first.
   */
  @Override
  public int compareTo(Part<?> other) {
    if (family != other.family) {
      return family.name().compareTo(other.family.name());
    }
    int length = Integer.compare(member.length(), other.member.length());
    return length != 0 ? length : member.compareTo(other.member);
  }

  @Override
  public String toString() {
    return member.isEmpty() ? family.name() : family.name() + " " + member;
  }
}
