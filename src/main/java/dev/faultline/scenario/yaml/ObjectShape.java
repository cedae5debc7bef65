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
    if (node instanceof YamlNode.Mapping mapping) {
      return fields.read(mapping, problems);
    }
    String expected = Kind.a(fields.what()) + " with " + String.join(", ", fields.names());
    problems.add(node.at(), "expected " + expected + ", found " + Kind.found(node));
    return Optional.empty();
  }

  @Override
  ObjectNode schema(Definitions definitions) {
    return fields.schema(definitions);
  }
}
