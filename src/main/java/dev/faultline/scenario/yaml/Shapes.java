package dev.faultline.scenario.yaml;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** The shapes that files are put together from. */
public final class Shapes {

  private static final Pattern IDENTIFIER = Pattern.compile("[a-z][a-z0-9-]{0,40}");
  private static final Pattern FILE_NAME = Pattern.compile("[a-z][a-z0-9-]*([.][a-z0-9-]+)*");
  private static final Pattern WHOLE = Pattern.compile("-?[0-9]{1,20}|0x[0-9a-fA-F]{1,16}");
  private static final Pattern LEADING_ZERO = Pattern.compile("-?0[0-9]+");

  private Shapes() {}

  // Scalars.

  /** Any text that is not blank; a number is taken as it is written. */
  public static Shape<String> text() {
    return new ScalarShape<>(
        "a text",
        () -> Json.anyOf(List.of(Json.type("string").put("pattern", "\\S"), Json.type("number"))),
        (scalar, report) -> {
          Kind kind = Kind.of(scalar);
          if ((kind != Kind.TEXT && kind != Kind.NUMBER) || scalar.text().isBlank()) {
            return wrong(report, "expected a text, found " + Kind.found(scalar));
          }
          return Optional.of(scalar.text().strip());
        });
  }

  /**
   * A text of one line in a language of its own, with the place of its first character: whoever
   * reads it knows the columns of its words.
   *
   * @param what what it is, for messages: "a step"
   * @param pattern what schemas say about it
   */
  public static Shape<Located<String>> line(String what, String pattern) {
    return new ScalarShape<>(
        what,
        () -> Json.pattern(pattern),
        (scalar, report) -> {
          if (Kind.of(scalar) != Kind.TEXT) {
            return wrong(report, "expected " + what + ", found " + Kind.found(scalar));
          }
          Position at = scalar.at();
          int quote = scalar.plain() ? 0 : 1;
          return Optional.of(
              new Located<>(
                  scalar.text(), new Position(at.file(), at.line(), at.column() + quote)));
        });
  }

  /** A name: small letters, digits and dashes, a letter first. */
  public static Shape<String> identifier() {
    return name(IDENTIFIER, "small letters, digits and dashes");
  }

  /** The name of a file without its ending: an identifier with dots, as in {@code linux-7.3}. */
  public static Shape<String> fileName() {
    return name(FILE_NAME, "small letters, digits, dashes and dots");
  }

  private static Shape<String> name(Pattern pattern, String letters) {
    return new ScalarShape<>(
        "a name",
        () -> Json.pattern(pattern.pattern()),
        (scalar, report) -> {
          if (Kind.of(scalar) == Kind.TEXT && pattern.matcher(scalar.text()).matches()) {
            return Optional.of(scalar.text());
          }
          String expected = "expected a name of " + letters;
          return wrong(report, expected + ", found " + Kind.found(scalar));
        });
  }

  /** A whole number, decimal or 0x; a leading zero is refused, since some take it for octal. */
  public static Shape<Long> integer(long min, long max) {
    return new ScalarShape<>(
        "a whole number",
        () -> Json.integer(min, max),
        (scalar, report) -> readInteger(scalar, min, max, report));
  }

  private static Optional<Long> readInteger(
      YamlNode.Scalar scalar, long min, long max, Report report) {
    String text = scalar.text();
    if (!scalar.plain() || !WHOLE.matcher(text).matches()) {
      return wrong(report, "expected a whole number, found " + Kind.found(scalar));
    }
    if (LEADING_ZERO.matcher(text).matches()) {
      return wrong(report, text + " has a leading zero; write " + new BigInteger(text));
    }
    BigInteger number =
        text.startsWith("0x") ? new BigInteger(text.substring(2), 16) : new BigInteger(text);
    if (number.compareTo(BigInteger.valueOf(min)) < 0
        || number.compareTo(BigInteger.valueOf(max)) > 0) {
      return wrong(report, text + " is not in " + min + ".." + max);
    }
    return Optional.of(number.longValueExact());
  }

  /** yes or no, true or false. */
  public static Shape<Boolean> bool() {
    return new ScalarShape<>(
        "yes or no",
        () ->
            Json.anyOf(
                List.of(Json.words(List.of("yes", "no", "true", "false")), Json.type("boolean"))),
        (scalar, report) ->
            switch (scalar.text()) {
              case "yes", "true" -> Optional.of(true);
              case "no", "false" -> Optional.of(false);
              default -> wrong(report, "expected yes or no, found " + Kind.found(scalar));
            });
  }

  /**
   * One of a few words.
   *
   * @param what what they are, for messages: "errno"
   * @param words in their order; sorted if they come in none
   */
  public static <T> Shape<T> word(String what, Map<String, T> words) {
    // A map without an order has another one in each JVM, and so would messages and schemas.
    Map<String, T> known =
        words instanceof SequencedMap ? new LinkedHashMap<>(words) : new TreeMap<>(words);
    for (String word : known.keySet()) {
      if (Kind.ofPlain(word) != Kind.TEXT) {
        throw new IllegalArgumentException("YAML takes " + word + " for something else");
      }
    }
    return new ScalarShape<>(
        "one of " + String.join(", ", known.keySet()),
        () -> Json.words(known.keySet()),
        (scalar, report) -> {
          String text = scalar.text();
          if (Kind.of(scalar) != Kind.TEXT) {
            String found = Kind.found(scalar) + Nearest.hint(text, known.keySet());
            return wrong(report, "expected " + Kind.a(what) + ", found " + found);
          }
          Optional<T> value = Optional.ofNullable(known.get(text));
          return value.isPresent()
              ? value
              : wrong(
                  report,
                  "unknown " + what + " " + Kind.quoted(text) + Nearest.hint(text, known.keySet()));
        });
  }

  /** One of a few words, from their values. */
  public static <T> Shape<T> word(
      String what, Collection<T> values, Function<? super T, String> name) {
    Map<String, T> words = new LinkedHashMap<>();
    values.forEach(value -> words.put(name.apply(value), value));
    return word(what, words);
  }

  /** One of a few words that are no identifiers, or an identifier, which is looked up later. */
  public static Shape<String> wordOrIdentifier(String what, List<String> words) {
    return new ScalarShape<>(
        "one of " + String.join(", ", words) + ", or a name",
        () -> Json.anyOf(List.of(Json.words(words), Json.pattern(IDENTIFIER.pattern()))),
        (scalar, report) -> {
          String text = scalar.text();
          boolean fits = words.contains(text) || IDENTIFIER.matcher(text).matches();
          return fits && Kind.of(scalar) == Kind.TEXT
              ? Optional.of(text)
              : wrong(
                  report, "unknown " + what + " " + Kind.quoted(text) + Nearest.hint(text, words));
        });
  }

  /** Nothing: what stands behind a verb that stands alone. */
  static <T> Shape<T> nothing(T value) {
    return new ScalarShape<>(
        "nothing",
        () -> Json.type("null"),
        (scalar, report) ->
            Kind.of(scalar) == Kind.NOTHING
                ? Optional.of(value)
                : wrong(report, "expected nothing, found " + Kind.found(scalar)));
  }

  private static <T> Optional<T> wrong(Report report, String text) {
    report.problem(text);
    return Optional.empty();
  }

  // Sizes and ranges.

  /** A number of bytes that is a multiple of 4 KiB: "2 MiB", "0x200000", "4096", "512 pages". */
  public static Shape<Long> alignedSize() {
    return new ScalarShape<>(
        "a size",
        Shapes::sizeSchema,
        (scalar, report) -> ByteSize.readAligned(scalar.text(), report));
  }

  private static ObjectNode sizeSchema() {
    return Json.anyOf(List.of(Json.integer(0, ByteSize.MAX), Json.pattern(ByteSize.PATTERN)));
  }

  /** A range of bytes, its end not part of it. */
  public record Bytes(long start, long end) {}

  /** A range of pages, in bytes: "2 MiB..4 MiB", or one page by its address: "2 MiB". */
  public static Shape<Bytes> range() {
    String pattern = ByteSize.PATTERN + "( ?\\.\\. ?" + ByteSize.PATTERN + ")?";
    return new ScalarShape<>(
        "a range",
        () -> Json.anyOf(List.of(Json.integer(0, ByteSize.MAX), Json.pattern(pattern))),
        (scalar, report) -> ByteSize.readRange(scalar.text(), report));
  }

  // Collections.

  /** A list, maybe empty. */
  public static <T> Shape<List<T>> list(Shape<T> item) {
    return new ListShape<>(item, true);
  }

  /** A list with something in it. */
  public static <T> Shape<List<T>> nonEmpty(Shape<T> item) {
    return new ListShape<>(item, false);
  }

  /** A list of exactly two. */
  public static <S, T> Shape<T> pair(Shape<S> item, BiFunction<S, S, T> make) {
    return new PairShape<>(item, make);
  }

  /** A mapping from keys that the user chooses, in its order, maybe empty; no two mean the same. */
  public static <K, V> Shape<Map<Located<K>, V>> map(Shape<K> key, Shape<V> value) {
    return new MapShape<>(key, value, Optional.empty()).map(Collections::unmodifiableMap);
  }

  /**
   * The same with something in it.
   *
   * @param example an entry, for messages: "nic: {kind: vfio}"
   */
  public static <K, V> Shape<Map<Located<K>, V>> nonEmptyMap(
      Shape<K> key, Shape<V> value, String example) {
    return new MapShape<>(key, value, Optional.of(example)).map(Collections::unmodifiableMap);
  }

  /**
   * A mapping with these fields and no others.
   *
   * @param what what it is, for messages: "party"
   */
  public static <T> Shape<T> object(String what, List<Field<?>> fields, Function<Values, T> make) {
    return new ObjectShape(what, fields).map(make);
  }

  /** The same, where fields have to fit each other. */
  public static <T> Shape<T> checkedObject(
      String what, List<Field<?>> fields, BiFunction<Values, Report, Optional<T>> make) {
    return new ObjectShape(what, fields).check(make);
  }

  /**
   * A verb: bare, or as a key with its argument and fields beside it.
   *
   * @param what what it is, for messages: "verb", "act"
   */
  public static <T> Shape<Verb.Said<T>> verb(
      String what, List<Verb<T>> verbs, List<Field<?>> beside) {
    return new VerbShape<>(what, verbs, beside);
  }

  // Shapes of shapes.

  /** A scalar in one shape, a mapping in another. */
  public static <T> Shape<T> scalarOr(Shape<T> scalar, Shape<T> mapping) {
    return new ByFormShape<>(scalar, mapping, mapping);
  }

  /**
   * A shape that contains itself.
   *
   * @param name its name in the schema's definitions
   * @param shape asked for not before something is read
   */
  public static <T> Shape<T> recursive(String name, Supplier<Shape<T>> shape) {
    return new RecursiveShape<>(name, shape);
  }
}
