package dev.faultline.scenario.yaml;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The shapes that files are put together from. */
public final class Shapes {

  private static final long PAGE = 4096;
  private static final Pattern IDENTIFIER = Pattern.compile("[a-z][a-z0-9-]{0,40}");
  private static final Pattern SIZE =
      Pattern.compile("(0x[0-9a-fA-F]{1,16}|[0-9]{1,18})(?: ?(B|KiB|MiB|GiB|TiB|pages?))?");

  private Shapes() {}

  /** A shape of a scalar: its text, or a message that begins with what was expected. */
  private record OfScalar<T>(
      String expected, Function<YamlNode.Scalar, Read<T>> read, Map<String, Object> schema)
      implements Shape<T> {

    @Override
    public Optional<T> decode(YamlNode node, Problems problems) {
      if (!(node instanceof YamlNode.Scalar scalar)) {
        problems.add(node.at(), "expected " + expected + ", found " + Kind.found(node));
        return Optional.empty();
      }
      Read<T> result = read.apply(scalar);
      result.wrong().ifPresent(text -> problems.add(node.at(), text));
      return result.value();
    }
  }

  /** A value, or what is wrong with the text. */
  private record Read<T>(Optional<T> value, Optional<String> wrong) {

    static <T> Read<T> of(T value) {
      return new Read<>(Optional.of(value), Optional.empty());
    }

    static <T> Read<T> wrong(String text) {
      return new Read<>(Optional.empty(), Optional.of(text));
    }
  }

  private static <T> Shape<T> scalar(
      String expected, Map<String, Object> schema, Function<YamlNode.Scalar, Read<T>> read) {
    return new OfScalar<>(expected, read, schema);
  }

  /** Any text that is not blank. */
  public static Shape<String> text() {
    return scalar(
        "a text",
        Map.of("type", List.of("string", "number")),
        node ->
            node.text().isBlank()
                ? Read.wrong("expected a text, found nothing")
                : Read.of(node.text().strip()));
  }

  /** A name: small letters, digits and dashes, a letter first. */
  public static Shape<String> identifier() {
    return scalar(
        "a name",
        ordered("type", "string", "pattern", "^" + IDENTIFIER.pattern() + "$"),
        node ->
            IDENTIFIER.matcher(node.text()).matches()
                ? Read.of(node.text())
                : Read.wrong(
                    "expected a name of small letters, digits and dashes, found "
                        + Kind.found(node)));
  }

  /** A whole number, decimal or 0x; a leading zero is refused, since some take it for octal. */
  public static Shape<Long> integer(long min, long max) {
    return scalar(
        "a whole number",
        ordered(
            "anyOf",
            List.of(
                ordered("type", "integer", "minimum", min, "maximum", max),
                ordered("type", "string", "pattern", "^0x[0-9a-fA-F]+$"))),
        node -> integer(node, min, max));
  }

  private static Read<Long> integer(YamlNode.Scalar node, long min, long max) {
    String text = node.text();
    if (!node.plain() || !text.matches("-?[0-9]{1,20}|0x[0-9a-fA-F]{1,16}")) {
      return Read.wrong("expected a whole number, found " + Kind.found(node));
    }
    if (text.matches("-?0[0-9]+")) {
      return Read.wrong(text + " has a leading zero; write " + new BigInteger(text));
    }
    BigInteger number =
        text.startsWith("0x") ? new BigInteger(text.substring(2), 16) : new BigInteger(text);
    if (number.compareTo(BigInteger.valueOf(min)) < 0
        || number.compareTo(BigInteger.valueOf(max)) > 0) {
      return Read.wrong(text + " is not in " + min + ".." + max);
    }
    return Read.of(number.longValueExact());
  }

  /** yes or no, true or false. */
  public static Shape<Boolean> bool() {
    return scalar(
        "yes or no",
        ordered("enum", List.of("yes", "no", true, false)),
        node ->
            switch (node.text()) {
              case "yes", "true" -> Read.of(true);
              case "no", "false" -> Read.of(false);
              default -> Read.wrong("expected yes or no, found " + Kind.found(node));
            });
  }

  /**
   * One of a few words.
   *
   * @param what what they are, for messages: "errno"
   */
  public static <T> Shape<T> word(String what, Map<String, T> words) {
    Map<String, T> known = new LinkedHashMap<>(words);
    return scalar(
        "one of " + String.join(", ", known.keySet()),
        ordered("enum", List.copyOf(known.keySet())),
        node -> {
          T value = known.get(node.text());
          return value != null
              ? Read.of(value)
              : Read.wrong(
                  "unknown "
                      + what
                      + " "
                      + Kind.quoted(node.text())
                      + Nearest.hint(node.text(), known.keySet()));
        });
  }

  /** One of a few words, from their values. */
  public static <T> Shape<T> word(
      String what, Collection<T> values, Function<? super T, String> name) {
    Map<String, T> words = new LinkedHashMap<>();
    values.forEach(value -> words.put(name.apply(value), value));
    return word(what, words);
  }

  /** Nothing: a verb that stands alone. */
  static <T> Shape<T> nothing(T value) {
    return scalar(
        "nothing",
        ordered("type", "null"),
        node ->
            node.plain() && node.text().isEmpty()
                ? Read.of(value)
                : Read.wrong("expected nothing, found " + Kind.found(node)));
  }

  // Sizes and ranges.

  /** A number of bytes: "2 MiB", "0x200000", "4096"; "512 pages". */
  public static Shape<Long> size() {
    return scalar("a size", sizeSchema(), node -> size(node.text()));
  }

  /** A number of bytes that is a multiple of 4 KiB. */
  public static Shape<Long> alignedSize() {
    return scalar(
        "a size",
        sizeSchema(),
        node -> {
          Read<Long> read = size(node.text());
          Optional<String> wrong = read.value().flatMap(bytes -> unaligned(node.text(), bytes));
          return wrong.<Read<Long>>map(Read::wrong).orElse(read);
        });
  }

  private static Map<String, Object> sizeSchema() {
    return ordered(
        "anyOf",
        List.of(
            ordered("type", "integer", "minimum", 0),
            ordered("type", "string", "pattern", "^" + SIZE.pattern() + "$")));
  }

  private static Optional<String> unaligned(String whole, long bytes) {
    return bytes % PAGE == 0
        ? Optional.empty()
        : Optional.of(
            whole + " is not page-aligned: " + bytes + " bytes is inside page " + bytes / PAGE);
  }

  private static Read<Long> size(String text) {
    Matcher match = SIZE.matcher(text);
    if (!match.matches()) {
      return Read.wrong(
          "expected a size such as 2 MiB, 0x200000 or 512 pages, found " + Kind.quoted(text));
    }
    String digits = match.group(1);
    BigInteger number =
        digits.startsWith("0x") ? new BigInteger(digits.substring(2), 16) : new BigInteger(digits);
    if (digits.length() > 1 && digits.startsWith("0") && !digits.startsWith("0x")) {
      return Read.wrong(digits + " has a leading zero; write " + number);
    }
    String unit = match.group(2) == null ? "B" : match.group(2);
    long factor =
        switch (unit) {
          case "KiB" -> 1L << 10;
          case "MiB" -> 1L << 20;
          case "GiB" -> 1L << 30;
          case "TiB" -> 1L << 40;
          case "page", "pages" -> PAGE;
          default -> 1L;
        };
    BigInteger bytes = number.multiply(BigInteger.valueOf(factor));
    if (bytes.bitLength() > 52) {
      return Read.wrong(text + " is more than 4096 TiB");
    }
    return Read.of(bytes.longValueExact());
  }

  /** A range of bytes, its end not part of it. */
  public record Bytes(long start, long end) {}

  /** A range of pages, in bytes: "2 MiB..4 MiB", or one page by its address: "2 MiB". */
  public static Shape<Bytes> range() {
    return scalar(
        "a range",
        ordered(
            "anyOf",
            List.of(
                ordered("type", "integer", "minimum", 0),
                ordered(
                    "type",
                    "string",
                    "pattern",
                    "^" + SIZE.pattern() + "( ?\\.\\. ?" + SIZE.pattern() + ")?$"))),
        node -> range(node.text()));
  }

  private static Read<Bytes> range(String text) {
    String[] ends = text.split(" ?\\.\\. ?", -1);
    if (ends.length > 2) {
      return Read.wrong("expected a range such as 2 MiB..4 MiB, found " + Kind.quoted(text));
    }
    Read<Long> start = size(ends[0]);
    Read<Long> end = ends.length == 2 ? size(ends[1]) : start;
    if (start.value().isEmpty() || end.value().isEmpty()) {
      return Read.wrong("expected a range such as 2 MiB..4 MiB, found " + Kind.quoted(text));
    }
    long from = start.value().get();
    long until = ends.length == 2 ? end.value().get() : from + PAGE;
    Optional<String> wrong =
        unaligned(text, from)
            .or(() -> ends.length == 2 ? unaligned(text, until) : Optional.empty());
    if (wrong.isPresent()) {
      return Read.wrong(wrong.get());
    }
    return from < until
        ? Read.of(new Bytes(from, until))
        : Read.wrong(text + " is empty: a range ends behind its start");
  }

  // Collections.

  /**
   * A list, maybe empty. A list or a map with mistakes in it gives what is right of it: whoever
   * reads a file asks the problems whether it is whole.
   */
  public static <T> Shape<List<T>> list(Shape<T> item) {
    return new Shape<>() {
      @Override
      public Optional<List<T>> decode(YamlNode node, Problems problems) {
        if (!(node instanceof YamlNode.Sequence sequence)) {
          problems.add(node.at(), "expected a list, found " + Kind.found(node));
          return Optional.empty();
        }
        // What is wrong is told; the rest is kept, so that its own mistakes are told as well.
        List<T> items = new ArrayList<>();
        for (YamlNode element : sequence.items()) {
          item.decode(element, problems).ifPresent(items::add);
        }
        return Optional.of(List.copyOf(items));
      }

      @Override
      public Map<String, Object> schema() {
        return ordered("type", "array", "items", item.schema());
      }
    };
  }

  /** A list with something in it. */
  public static <T> Shape<List<T>> nonEmpty(Shape<T> item) {
    Shape<List<T>> list = Shapes.list(item);
    return new Shape<>() {
      @Override
      public Optional<List<T>> decode(YamlNode node, Problems problems) {
        if (node instanceof YamlNode.Sequence sequence && sequence.items().isEmpty()) {
          problems.add(node.at(), "the list is empty; it needs at least one line");
          return Optional.empty();
        }
        return list.decode(node, problems);
      }

      @Override
      public Map<String, Object> schema() {
        Map<String, Object> schema = new LinkedHashMap<>(list.schema());
        schema.put("minItems", 1);
        return schema;
      }
    };
  }

  /** A mapping from keys that the user chooses. */
  public static <K, V> Shape<Map<Located<K>, V>> map(Shape<K> key, Shape<V> value) {
    return new Shape<>() {
      @Override
      public Optional<Map<Located<K>, V>> decode(YamlNode node, Problems problems) {
        if (!(node instanceof YamlNode.Mapping mapping)) {
          problems.add(node.at(), "expected a mapping, found " + Kind.found(node));
          return Optional.empty();
        }
        Map<Located<K>, V> all = new LinkedHashMap<>();
        for (YamlNode.Entry entry : mapping.entries()) {
          Optional<K> name = key.decode(entry.key(), problems);
          Optional<V> held = value.decode(entry.value(), problems);
          if (name.isPresent() && held.isPresent()) {
            all.put(new Located<>(name.get(), entry.key().at()), held.get());
          }
        }
        return Optional.of(all);
      }

      @Override
      public Map<String, Object> schema() {
        return ordered("type", "object", "additionalProperties", value.schema());
      }
    };
  }

  // Mappings with declared fields.

  /**
   * A mapping with these fields and no others.
   *
   * @param what what it is, for messages: "party"
   */
  public static <T> Shape<T> object(String what, List<Field<?>> fields, Function<Values, T> make) {
    return checkedObject(what, fields, (values, report) -> Optional.of(make.apply(values)));
  }

  /** The same, where fields have to fit each other. */
  public static <T> Shape<T> checkedObject(
      String what, List<Field<?>> fields, BiFunction<Values, Report, Optional<T>> make) {
    return new Shape<>() {
      @Override
      public Optional<T> decode(YamlNode node, Problems problems) {
        if (!(node instanceof YamlNode.Mapping mapping)) {
          problems.add(
              node.at(),
              "expected a " + what + " with " + names(fields) + ", found " + Kind.found(node));
          return Optional.empty();
        }
        List<String> known = fields.stream().<String>map(Field::name).toList();
        boolean whole = onlyKnown(what, mapping.entries(), known, problems);
        Optional<Values> values = fields(what, mapping, fields, problems);
        return whole && values.isPresent()
            ? make.apply(values.get(), new Report(node.at(), problems))
            : Optional.empty();
      }

      @Override
      public Map<String, Object> schema() {
        return objectSchema(fields);
      }
    };
  }

  private static String names(List<Field<?>> fields) {
    return String.join(", ", fields.stream().<String>map(Field::name).toList());
  }

  private static boolean onlyKnown(
      String what, List<YamlNode.Entry> entries, List<String> known, Problems problems) {
    boolean whole = true;
    for (YamlNode.Entry entry : entries) {
      String key = entry.key().text();
      if (!known.contains(key)) {
        problems.add(
            entry.key().at(),
            "unknown key " + Kind.quoted(key) + " in a " + what + Nearest.hint(key, known));
        whole = false;
      }
    }
    return whole;
  }

  private static Optional<Values> fields(
      String what, YamlNode.Mapping mapping, List<Field<?>> fields, Problems problems) {
    Map<Field<?>, Object> values = new IdentityHashMap<>();
    boolean whole = true;
    for (Field<?> field : fields) {
      Optional<YamlNode.Entry> entry = mapping.entry(field.name());
      if (entry.isPresent()) {
        Optional<?> value = field.shape().decode(entry.get().value(), problems);
        whole &= value.isPresent();
        value.ifPresent(decoded -> values.put(field, decoded));
      } else if (field.required()) {
        problems.add(
            mapping.at(),
            "a " + what + " needs the key \"" + field.name() + "\": " + field.about());
        whole = false;
      } else {
        values.put(field, field.absent().orElseThrow());
      }
    }
    return whole ? Optional.of(new Values(mapping.at(), values)) : Optional.empty();
  }

  private static Map<String, Object> objectSchema(List<Field<?>> fields) {
    Map<String, Object> properties = new LinkedHashMap<>();
    List<String> required = new ArrayList<>();
    for (Field<?> field : fields) {
      properties.put(field.name(), described(field.shape().schema(), field.about()));
      if (field.required()) {
        required.add(field.name());
      }
    }
    return ordered(
        "type",
        "object",
        "properties",
        properties,
        "required",
        required,
        "additionalProperties",
        false);
  }

  private static Map<String, Object> described(Map<String, Object> schema, String about) {
    Map<String, Object> described = new LinkedHashMap<>();
    described.put("description", about);
    described.putAll(schema);
    return described;
  }

  // Verbs.

  /**
   * A verb: bare, or as a key with its argument and fields beside it.
   *
   * @param what what it is, for messages: "verb", "act"
   */
  public static <T> Shape<Verb.Said<T>> verb(
      String what, List<Verb<T>> verbs, List<Field<?>> beside) {
    Map<String, Verb<T>> known = new LinkedHashMap<>();
    verbs.forEach(verb -> known.put(verb.name(), verb));
    return new Shape<>() {
      @Override
      public Optional<Verb.Said<T>> decode(YamlNode node, Problems problems) {
        return switch (node) {
          case YamlNode.Scalar scalar -> bare(scalar, problems);
          case YamlNode.Mapping mapping -> mapping(mapping, problems);
          case YamlNode.Sequence sequence -> {
            problems.add(sequence.at(), "expected a " + what + ", found " + Kind.found(node));
            yield Optional.empty();
          }
        };
      }

      private Optional<Verb.Said<T>> bare(YamlNode.Scalar scalar, Problems problems) {
        Optional<Verb<T>> verb = find(scalar, problems);
        if (verb.isEmpty()) {
          return Optional.empty();
        }
        if (verb.get().bare().isEmpty()) {
          problems.add(
              scalar.at(), what + " \"" + scalar.text() + "\" needs " + verb.get().about());
          return Optional.empty();
        }
        YamlNode.Mapping none = new YamlNode.Mapping(scalar.at(), List.of());
        return fields(what, none, beside, problems)
            .map(values -> new Verb.Said<>(verb.get().bare().get(), values, scalar.at()));
      }

      private Optional<Verb<T>> find(YamlNode.Scalar scalar, Problems problems) {
        Verb<T> verb = known.get(scalar.text());
        if (verb == null) {
          problems.add(
              scalar.at(),
              "unknown "
                  + what
                  + " "
                  + Kind.quoted(scalar.text())
                  + Nearest.hint(scalar.text(), known.keySet()));
        }
        return Optional.ofNullable(verb);
      }

      private Optional<Verb.Said<T>> mapping(YamlNode.Mapping mapping, Problems problems) {
        List<String> besideNames = beside.stream().<String>map(Field::name).toList();
        List<YamlNode.Entry> rest =
            mapping.entries().stream()
                .filter(entry -> !besideNames.contains(entry.key().text()))
                .toList();
        if (rest.isEmpty()) {
          problems.add(mapping.at(), "expected a " + what + " here; one of: " + words());
          return Optional.empty();
        }
        boolean whole = true;
        Optional<YamlNode.Entry> said =
            rest.stream().filter(entry -> known.containsKey(entry.key().text())).findFirst();
        List<String> both = new ArrayList<>(known.keySet());
        if (said.isPresent()) {
          both.clear();
        }
        both.addAll(besideNames);
        for (YamlNode.Entry entry : rest) {
          if (said.isPresent() && entry == said.get()) {
            continue;
          }
          boolean second = said.isPresent() && known.containsKey(entry.key().text());
          problems.add(
              entry.key().at(),
              second
                  ? "a second "
                      + what
                      + " "
                      + Kind.quoted(entry.key().text())
                      + " in one line; begin a new one with a dash"
                  : "unknown "
                      + (said.isPresent() ? "key" : what)
                      + " "
                      + Kind.quoted(entry.key().text())
                      + Nearest.hint(entry.key().text(), both));
          whole = false;
        }
        Optional<Values> values = fields(what, mapping, beside, problems);
        if (said.isEmpty()) {
          return Optional.empty();
        }
        Optional<? extends T> value = argument(said.get(), problems);
        Position at = said.get().key().at();
        return whole && values.isPresent() && value.isPresent()
            ? Optional.of(new Verb.Said<>(value.get(), values.get(), at))
            : Optional.empty();
      }

      private Optional<? extends T> argument(YamlNode.Entry said, Problems problems) {
        Verb<T> verb = known.get(said.key().text());
        boolean empty = Kind.of(said.value()) == Kind.NOTHING;
        if (empty && verb.bare().isPresent()) {
          return verb.bare();
        }
        if (empty) {
          problems.add(
              said.key().at(), what + " \"" + said.key().text() + "\" needs " + verb.about());
          return Optional.empty();
        }
        return verb.argument().decode(said.value(), problems);
      }

      private String words() {
        return String.join(", ", known.keySet());
      }

      @Override
      public Map<String, Object> schema() {
        List<Object> forms = new ArrayList<>();
        List<String> alone =
            verbs.stream().filter(v -> v.bare().isPresent()).map(Verb::name).toList();
        if (!alone.isEmpty()) {
          forms.add(ordered("enum", alone));
        }
        for (Verb<T> verb : verbs) {
          List<Field<?>> fields = new ArrayList<>();
          fields.add(argumentField(verb));
          fields.addAll(beside);
          forms.add(objectSchema(fields));
        }
        return ordered("anyOf", forms);
      }
    };
  }

  private static <T> Field<?> argumentField(Verb<T> verb) {
    Shape<?> argument =
        verb.bare().isPresent() ? either(verb.argument(), nothing(verb.name())) : verb.argument();
    return Field.required(verb.name(), argument, verb.about());
  }

  /** Either of two; only for schemas, where both are tried. */
  private static Shape<Object> either(Shape<?> first, Shape<?> second) {
    return new Shape<>() {
      @Override
      public Optional<Object> decode(YamlNode node, Problems problems) {
        return first.decode(node, problems).map(value -> value);
      }

      @Override
      public Map<String, Object> schema() {
        return ordered("anyOf", List.of(first.schema(), second.schema()));
      }
    };
  }

  /** A scalar in one shape, a mapping in another. */
  public static <T> Shape<T> scalarOr(Shape<T> scalar, Shape<T> mapping) {
    return new Shape<>() {
      @Override
      public Optional<T> decode(YamlNode node, Problems problems) {
        return node instanceof YamlNode.Scalar
            ? scalar.decode(node, problems)
            : mapping.decode(node, problems);
      }

      @Override
      public Map<String, Object> schema() {
        return ordered("anyOf", List.of(scalar.schema(), mapping.schema()));
      }
    };
  }

  /**
   * A shape that contains itself.
   *
   * @param name its name in the schema's definitions
   */
  public static <T> Shape<T> recursive(String name, Supplier<Shape<T>> shape) {
    return new Recursive<>(name, shape);
  }

  /** See {@link #recursive}; {@link JsonSchema} puts its schema among the definitions. */
  record Recursive<T>(String name, Supplier<Shape<T>> shape) implements Shape<T> {

    @Override
    public Optional<T> decode(YamlNode node, Problems problems) {
      return shape.get().decode(node, problems);
    }

    @Override
    public Map<String, Object> schema() {
      JsonSchema.define(name, shape.get());
      return ordered("$ref", "#/$defs/" + name);
    }
  }

  static Map<String, Object> ordered(Object... pairs) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int index = 0; index < pairs.length; index += 2) {
      map.put((String) pairs[index], pairs[index + 1]);
    }
    return map;
  }
}
