package dev.faultline.scenario.yaml;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.function.Supplier;

/** A shape that contains itself, and has a name in the JSON Schema therefore. */
final class RecursiveShape<T> extends Shape<T> {

  private final String name;
  private final Supplier<Shape<T>> body;

  RecursiveShape(String name, Supplier<Shape<T>> body) {
    this.name = name;
    this.body = body;
  }

  @Override
  public Optional<T> decode(YamlNode node, Problems problems) {
    return body.get().decode(node, problems);
  }

  @Override
  ObjectNode schema(Definitions definitions) {
    return definitions.reference(name, this, () -> body.get().schema(definitions));
  }
}
