package dev.faultline.protocol;

import java.util.Comparator;

/**
 * The name of a part of a party's state: attributes, one task, one process's page table, ...
 *
 * <p>State is cut into small parts, so that whoever searches through states can see which of them a
 * decision read. Parts are records; two of equal family and number are the same part.
 *
 * @param <T> what the part holds
 */
public interface Part<T> {

  /** What kind of part it is; parts are ordered by family first. */
  String family();

  /** Which one of its family. */
  String member();

  /** What it holds in a state that does not mention it. */
  T initial();

  /** The order in which parts are listed and compared. */
  Comparator<Part<?>> ORDER =
      Comparator.<Part<?>, String>comparing(Part::family)
          .thenComparing(part -> part.member().length())
          .thenComparing(Part::member);
}
