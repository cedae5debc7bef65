package dev.faultline.scenario.yaml;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** The named parts of one JSON Schema, each written once however often it is used. */
final class Definitions {

  private final Map<String, Shape<?>> shapes = new LinkedHashMap<>();
  private final ObjectNode schemas = Json.object();

  /**
   * A reference to a named part.
   *
   * @throws IllegalStateException if another shape has that name already
   */
  ObjectNode reference(String name, Shape<?> shape, Supplier<ObjectNode> schema) {
    Shape<?> known = shapes.putIfAbsent(name, shape);
    if (known == null) {
      // Its place is taken before it is written, so that a shape may refer to itself.
      schemas.putObject(name);
      schemas.set(name, schema.get());
    } else if (known != shape) {
      throw new IllegalStateException("two shapes are named " + name);
    }
    return Json.object().put("$ref", "#/$defs/" + name);
  }

  /** Puts the parts behind the schema that refers to them. */
  void addTo(ObjectNode schema) {
    if (!schemas.isEmpty()) {
      schema.set("$defs", schemas);
    }
  }
}
