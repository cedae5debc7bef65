package dev.faultline.scenario.yaml;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/** A mapping whose keys are given. */
final class ObjectShape extends Shape<Values> {

  private final Fields fields;

  ObjectShape(String what, List<Field<?>> fields) {
    this.fields = new Fields(what, fields);
  }

  @Override
  public Optional<Values> decode(YamlNode node, Problems problems) {
    if (node instanceof YamlNode.Mapping(_, List<YamlNode.Entry> entries)
        && entries.isEmpty()
        && !hasRequired()) {
      problems.add(
          node.at(),
          "the mapping is empty; it needs one or more of: " + String.join(", ", fields.names()));
      return Optional.empty();
    }
    if (node instanceof YamlNode.Mapping mapping) {
      return fields.read(mapping, problems);
    }
    String expected = Kind.a(fields.what()) + " with " + String.join(", ", fields.names());
    problems.add(node.at(), "expected " + expected + ", found " + Kind.found(node));
    return Optional.empty();
  }

  @Override
  ObjectNode schema(Definitions definitions) {
    ObjectNode schema = fields.schema(definitions);
    return hasRequired() ? schema : schema.put("minProperties", 1);
  }

  private boolean hasRequired() {
    return fields.fields().stream().anyMatch(Field::isRequired);
  }
}
