package dev.faultline.conform;

import java.util.Collections;
import java.util.Comparator;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What is answered to an operation.
 *
 * @param fields "res" first, then the further ones by name; values are Long or String. A number of
 *     64 bits without sign is the Long of the same bits.
 */
public record Answer(SortedMap<String, Object> fields) {

  /** The field that every answer has: "OK", an errno, a signal, an exit. */
  static final String RES = "res";

  private static final Comparator<String> RES_FIRST =
      Comparator.<String, Boolean>comparing(name -> !name.equals(RES))
          .thenComparing(Comparator.naturalOrder());

  public Answer {
    SortedMap<String, Object> copy = new TreeMap<>(RES_FIRST);
    copy.putAll(fields);
    if (!(copy.get(RES) instanceof String)) {
      throw new IllegalArgumentException("an answer needs a text as res: " + fields);
    }
    for (Object value : copy.values()) {
      if (!(value instanceof Long || value instanceof String)) {
        throw new IllegalArgumentException("neither a Long nor a String: " + fields);
      }
    }
    fields = Collections.unmodifiableSortedMap(copy);
  }

  /**
   * An answer with its further fields.
   *
   * @param namesAndValues a name, its value, and so on; an Integer becomes a Long
   */
  public static Answer of(String res, Object... namesAndValues) {
    if (namesAndValues.length % 2 != 0) {
      throw new IllegalArgumentException("a name without a value");
    }
    SortedMap<String, Object> fields = new TreeMap<>();
    fields.put(RES, res);
    for (int i = 0; i < namesAndValues.length; i += 2) {
      Object value = namesAndValues[i + 1];
      fields.put(
          (String) namesAndValues[i], value instanceof Integer number ? number.longValue() : value);
    }
    return new Answer(fields);
  }

  /** "OK", an errno, a signal, an exit. */
  public String res() {
    return (String) fields.get(RES);
  }

  /** Without one of the further fields. */
  Answer without(String name) {
    if (!fields.containsKey(name)) {
      return this;
    }
    SortedMap<String, Object> rest = new TreeMap<>(fields);
    rest.remove(name);
    return new Answer(rest);
  }

  /** As a message shows it: {@code EAGAIN error_offset=40960 error_page=10}. */
  public String text() {
    return fields.entrySet().stream().map(Answer::text).collect(Collectors.joining(" "));
  }

  private static String text(Map.Entry<String, Object> field) {
    return field.getKey().equals(RES)
        ? (String) field.getValue()
        : field.getKey() + "=" + field.getValue();
  }
}
