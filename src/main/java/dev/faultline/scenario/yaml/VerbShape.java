package dev.faultline.scenario.yaml;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/** One of some verbs: bare, or as a key with its argument and fields beside it. */
final class VerbShape<T> extends Shape<Verb.Said<T>> {

  private final String what;
  private final SequencedMap<String, Verb<T>> verbs = new LinkedHashMap<>();
  private final Fields beside;

  VerbShape(String what, List<Verb<T>> verbs, List<Field<?>> beside) {
    this.what = what;
    this.beside = new Fields(what, beside);
    for (Verb<T> verb : verbs) {
      boolean twice = this.verbs.putIfAbsent(verb.name(), verb) != null;
      if (twice || this.beside.names().contains(verb.name())) {
        throw new IllegalArgumentException("two keys " + verb.name() + " of " + Kind.a(what));
      }
    }
  }

  @Override
  public Optional<Verb.Said<T>> decode(YamlNode node, Problems problems) {
    return switch (node) {
      case YamlNode.Scalar word -> alone(word, problems);
      case YamlNode.Mapping line -> line(line, problems);
      case YamlNode.Sequence _ -> {
        problems.add(node.at(), "expected " + Kind.a(what) + ", found " + Kind.found(node));
        yield Optional.empty();
      }
    };
  }

  private Optional<Verb.Said<T>> alone(YamlNode.Scalar word, Problems problems) {
    if (Kind.of(word) == Kind.NOTHING) {
      problems.add(word.at(), "expected " + Kind.a(what) + ", found nothing");
      return Optional.empty();
    }
    Optional<Verb<T>> verb = Optional.ofNullable(verbs.get(word.text()));
    if (verb.isEmpty()) {
      problems.add(word.at(), unknown(word.text()));
      return Optional.empty();
    }
    YamlNode.Mapping nothing = new YamlNode.Mapping(word.at(), List.of());
    return verb.flatMap(it -> bare(it, word, problems))
        .flatMap(
            value ->
                beside
                    .read(nothing, problems)
                    .map(values -> new Verb.Said<>(value, values, word.at())));
  }

  private Optional<T> bare(Verb<T> verb, YamlNode.Scalar word, Problems problems) {
    if (verb.bare().isEmpty()) {
      problems.add(word.at(), what + " " + Kind.quoted(word.text()) + " needs " + verb.about());
    }
    return verb.bare();
  }

  private String unknown(String word) {
    String first = word.split(" ", 2)[0];
    return verbs.containsKey(first) && !first.equals(word)
        ? "expected \":\" after " + Kind.quoted(first)
        : "unknown " + what + " " + Kind.quoted(word) + Nearest.hint(word, verbs.keySet());
  }

  private Optional<Verb.Said<T>> line(YamlNode.Mapping line, Problems problems) {
    List<YamlNode.Entry> said =
        line.entries().stream().filter(entry -> verbs.containsKey(entry.key().text())).toList();
    if (said.isEmpty()) {
      reportNone(line, problems);
      return Optional.empty();
    }
    for (YamlNode.Entry second : said.subList(1, said.size())) {
      String word = Kind.quoted(second.key().text());
      problems.add(
          second.key().at(),
          "a second " + what + " " + word + " in one line; begin a new one with a dash");
    }
    // A list holds one line for each dash: what is left are the fields beside the verb.
    YamlNode.Mapping rest =
        new YamlNode.Mapping(
            line.at(), line.entries().stream().filter(entry -> !said.contains(entry)).toList());
    Optional<Values> values = beside.read(rest, problems);
    Optional<? extends T> value = argument(said.getFirst(), problems);
    return said.size() == 1 && values.isPresent() && value.isPresent()
        ? Optional.of(new Verb.Said<>(value.get(), values.get(), said.getFirst().key().at()))
        : Optional.empty();
  }

  private void reportNone(YamlNode.Mapping line, Problems problems) {
    List<String> fields = beside.names();
    line.entries().stream()
        .map(YamlNode.Entry::key)
        .filter(key -> !fields.contains(key.text()))
        .findFirst()
        .ifPresentOrElse(
            key -> problems.add(key.at(), unknown(key.text())),
            () ->
                problems.add(
                    line.at(),
                    "expected "
                        + Kind.a(what)
                        + " here; one of: "
                        + String.join(", ", verbs.keySet())));
  }

  private Optional<? extends T> argument(YamlNode.Entry said, Problems problems) {
    Verb<T> verb = verbs.get(said.key().text());
    return Kind.of(said.value()) == Kind.NOTHING
        ? bare(verb, said.key(), problems)
        : verb.argument().decode(said.value(), problems);
  }

  @Override
  ObjectNode schema(Definitions definitions) {
    List<ObjectNode> forms = new ArrayList<>();
    for (Verb<T> verb : verbs.values()) {
      if (verb.bare().isPresent() && beside.fields().stream().noneMatch(Field::isRequired)) {
        forms.add(Json.described(verb.about(), Json.object().put("const", verb.name())));
      }
      forms.add(line(verb, definitions));
    }
    return Json.anyOf(forms);
  }

  private ObjectNode line(Verb<T> verb, Definitions definitions) {
    ObjectNode argument = verb.argument().schema(definitions);
    if (verb.bare().isPresent()) {
      argument = Json.anyOf(List.of(Json.type("null"), argument));
    }
    ObjectNode line = beside.schema(definitions);
    ObjectNode properties = Json.object();
    properties.set(verb.name(), Json.described(verb.about(), argument));
    line.set("properties", properties.setAll((ObjectNode) line.get("properties")));
    line.withArray("required").insert(0, verb.name());
    return line;
  }
}
