package dev.faultline.scenario;

import dev.faultline.scenario.yaml.YamlNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Leaves out of a scenario's file what names a party or a line that is not in it. */
final class Loose {

  /** Their values are names of parties. */
  private static final Set<String> PARTY =
      Set.of("of", "runs", "kill", "by", "held-by", "refused-by", "mapped-by", "pinned-by");

  /** Its values are names of lines, or of parties that have a script. */
  private static final String AWAIT = "await";

  /** An entry of a mapping with this key can go alone. */
  private static final Set<String> ALONE = Set.of("held-by", "mapped-by", "pinned-by", "runs");

  private final Set<String> parties;
  private final Set<String> ends;

  private Loose(Set<String> parties, Set<String> ends) {
    this.parties = parties;
    this.ends = ends;
  }

  /** The file without what hangs in the air; what is left of it is not. */
  static YamlNode.Mapping mended(YamlNode.Mapping root) {
    YamlNode.Mapping mended = root;
    YamlNode.Mapping before;
    do {
      before = mended;
      mended = once(before);
    } while (!mended.equals(before));
    return mended;
  }

  private static YamlNode.Mapping once(YamlNode.Mapping root) {
    Set<String> parties =
        new TreeSet<>(Stream.concat(PartyNames.always(), keys(root, "parties")).toList());
    Set<String> ends = new TreeSet<>(keys(root, "script").toList());
    root.entry("script").ifPresent(script -> names(script.value(), ends));
    Loose loose = new Loose(parties, ends);
    List<YamlNode.Entry> entries = new ArrayList<>();
    for (YamlNode.Entry entry : root.entries()) {
      switch (entry.key().text()) {
        case "script", "parties" -> loose.parties(entry).ifPresent(entries::add);
        case "expect", "memory" ->
            loose
                .left(entry.value(), entry.key().text())
                .ifPresent(value -> entries.add(new YamlNode.Entry(entry.key(), value)));
        default -> entries.add(entry);
      }
    }
    return new YamlNode.Mapping(root.at(), entries);
  }

  private static Stream<String> keys(YamlNode.Mapping root, String key) {
    return root.entry(key).stream()
        .map(YamlNode.Entry::value)
        .filter(YamlNode.Mapping.class::isInstance)
        .flatMap(value -> ((YamlNode.Mapping) value).entries().stream())
        .map(entry -> entry.key().text());
  }

  private static void names(YamlNode node, Set<String> names) {
    switch (node) {
      case YamlNode.Scalar _ -> {}
      case YamlNode.Sequence sequence -> sequence.items().forEach(item -> names(item, names));
      case YamlNode.Mapping mapping -> {
        for (YamlNode.Entry entry : mapping.entries()) {
          if (entry.key().text().equals("name") && entry.value() instanceof YamlNode.Scalar name) {
            names.add(name.text());
          }
          names(entry.value(), names);
        }
      }
    }
  }

  /** Parties, or their scripts: what is left of those that are there. */
  private Optional<YamlNode.Entry> parties(YamlNode.Entry entry) {
    if (!(entry.value() instanceof YamlNode.Mapping all)) {
      return Optional.of(entry);
    }
    List<YamlNode.Entry> left = new ArrayList<>();
    for (YamlNode.Entry party : all.entries()) {
      if (parties.contains(party.key().text())) {
        left(party.value(), party.key().text())
            .ifPresent(value -> left.add(new YamlNode.Entry(party.key(), value)));
      }
    }
    return left.isEmpty()
        ? Optional.empty()
        : Optional.of(new YamlNode.Entry(entry.key(), new YamlNode.Mapping(all.at(), left)));
  }

  /** What is left of a value; nothing if it does not make sense without what is gone. */
  private Optional<YamlNode> left(YamlNode node, String key) {
    return switch (node) {
      case YamlNode.Scalar scalar -> isThere(scalar, key) ? Optional.of(node) : Optional.empty();
      case YamlNode.Sequence sequence -> {
        List<YamlNode> items =
            sequence.items().stream().flatMap(item -> left(item, key).stream()).toList();
        yield items.isEmpty()
            ? Optional.empty()
            : Optional.of(new YamlNode.Sequence(sequence.at(), items));
      }
      case YamlNode.Mapping mapping -> {
        List<YamlNode.Entry> entries = new ArrayList<>();
        for (YamlNode.Entry entry : mapping.entries()) {
          Optional<YamlNode> value = left(entry.value(), entry.key().text());
          boolean isEmpty = isEmpty(entry.value());
          if (value.isEmpty() && !isEmpty && !ALONE.contains(entry.key().text())) {
            yield Optional.empty();
          }
          value.ifPresent(it -> entries.add(new YamlNode.Entry(entry.key(), it)));
        }
        yield entries.isEmpty()
            ? Optional.empty()
            : Optional.of(new YamlNode.Mapping(mapping.at(), entries));
      }
    };
  }

  private static boolean isEmpty(YamlNode node) {
    return node instanceof YamlNode.Sequence sequence && sequence.items().isEmpty()
        || node instanceof YamlNode.Mapping mapping && mapping.entries().isEmpty();
  }

  private boolean isThere(YamlNode.Scalar scalar, String key) {
    return PARTY.contains(key)
        ? parties.contains(scalar.text())
        : !key.equals(AWAIT) || ends.contains(scalar.text());
  }
}
