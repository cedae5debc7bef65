package dev.faultline.scenario.yaml;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The fields that one kind of mapping has.
 *
 * @param what what messages call the mapping
 * @param fields in the order in which they are listed
 */
record Fields(String what, List<Field<?>> fields) {

  /** Two of one name are a mistake of ours. */
  Fields {
    fields = List.copyOf(fields);
    var seen = new HashSet<String>();
    for (Field<?> field : fields) {
      if (!seen.add(field.name())) {
        throw new IllegalArgumentException(what + " has two fields " + field.name());
      }
    }
  }

  List<String> names() {
    return fields.stream().<String>map(Field::name).toList();
  }

  /**
   * Reads the mapping; empty, with problems, if a key is not known, missing, or has a bad value.
   */
  Optional<Values> read(YamlNode.Mapping mapping, Problems problems) {
    Set<String> misspelt = new HashSet<>();
    boolean whole = reportUnknown(mapping, misspelt, problems);
    var values = new Values(mapping.at());
    for (Field<?> field : fields) {
      whole &= read(field, mapping, misspelt, values, problems);
    }
    return whole ? Optional.of(values) : Optional.empty();
  }

  /**
   * Whether all keys are known; collects what was meant by one that is not, as it is not missing.
   */
  private boolean reportUnknown(YamlNode.Mapping mapping, Set<String> misspelt, Problems problems) {
    List<String> known = names();
    List<String> free = new ArrayList<>(known);
    mapping.entries().forEach(entry -> free.remove(entry.key().text()));
    boolean whole = true;
    for (YamlNode.Entry entry : mapping.entries()) {
      String key = entry.key().text();
      whole &= known.contains(key);
      if (!known.contains(key) && !problems.isFull()) {
        Optional<String> meant = Nearest.of(key, free);
        meant.ifPresent(misspelt::add);
        String hint = Nearest.hint(key, meant.isPresent() ? free : known);
        problems.add(
            entry.key().at(), "unknown key " + Kind.quoted(key) + " in " + Kind.a(what) + hint);
      }
    }
    return whole;
  }

  private <T> boolean read(
      Field<T> field,
      YamlNode.Mapping mapping,
      Set<String> misspelt,
      Values values,
      Problems problems) {
    Optional<YamlNode.Entry> entry = mapping.entry(field.name());
    Optional<T> value =
        entry.isPresent() ? field.shape().decode(entry.get().value(), problems) : field.absent();
    value.ifPresent(it -> values.put(field, it));
    if (entry.isEmpty() && value.isEmpty() && !misspelt.contains(field.name())) {
      String needs = Kind.a(what) + " needs the key " + Kind.quoted(field.name());
      problems.add(mapping.at(), needs + ": " + field.about());
    }
    return value.isPresent();
  }

  ObjectNode schema(Definitions definitions) {
    ObjectNode schema = Json.type("object");
    ObjectNode properties = schema.putObject("properties");
    ArrayNode required = schema.putArray("required");
    for (Field<?> field : fields) {
      ObjectNode value = field.shape().schema(definitions);
      properties.set(field.name(), Json.described(field.about(), value));
      if (field.isRequired()) {
        required.add(field.name());
      }
    }
    return schema.put("additionalProperties", false);
  }
}
