package dev.faultline.scenario.yaml;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A mapping whose keys the user chooses; entries that are wrong are left out. */
final class MapShape<K, V> extends Shape<Map<Located<K>, V>> {

  private final Shape<K> key;
  private final Shape<V> value;

  /** What may stand in it, for messages; empty if it may be empty. */
  private final Optional<String> example;

  MapShape(Shape<K> key, Shape<V> value, Optional<String> example) {
    this.key = key;
    this.value = value;
    this.example = example;
  }

  @Override
  public Optional<Map<Located<K>, V>> decode(YamlNode node, Problems problems) {
    if (!(node instanceof YamlNode.Mapping(_, List<YamlNode.Entry> entries))) {
      problems.add(node.at(), "expected a mapping, found " + Kind.found(node));
      return Optional.empty();
    }
    if (entries.isEmpty() && example.isPresent()) {
      problems.add(
          node.at(), "the mapping is empty; it needs an entry such as {" + example.get() + "}");
      return Optional.empty();
    }
    Map<Located<K>, V> all = new LinkedHashMap<>();
    Map<K, YamlNode.Scalar> seen = new HashMap<>();
    for (YamlNode.Entry entry : entries) {
      if (problems.isFull()) {
        break;
      }
      Optional<K> name = key.decode(entry.key(), problems);
      Optional<V> held = value.decode(entry.value(), problems);
      if (name.isPresent()) {
        YamlNode.Scalar first = seen.putIfAbsent(name.get(), entry.key());
        if (first != null) {
          problems.add(entry.key().at(), again(entry.key(), first));
        } else if (held.isPresent()) {
          all.put(new Located<>(name.get(), entry.key().at()), held.get());
        }
      }
    }
    return Optional.of(all);
  }

  /** Two keys that are written differently and mean one thing: 2 MiB and 2048 KiB. */
  private static String again(YamlNode.Scalar second, YamlNode.Scalar first) {
    String same = " is the same as " + Kind.quoted(first.text());
    return Kind.quoted(second.text()) + same + " on line " + first.at().line() + "; remove one";
  }

  @Override
  ObjectNode schema(Definitions definitions) {
    ObjectNode schema = Json.type("object");
    schema.set("propertyNames", key.schema(definitions));
    schema.set("additionalProperties", value.schema(definitions));
    return example.isEmpty() ? schema : schema.put("minProperties", 1);
  }
}
