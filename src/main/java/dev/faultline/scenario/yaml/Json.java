package dev.faultline.scenario.yaml;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;

/** The pieces that JSON Schemas are put together from; members keep their order. */
final class Json {

  private Json() {}

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  static ObjectNode type(String type) {
    return object().put("type", type);
  }

  /** A text of which all matches. */
  static ObjectNode pattern(String whole) {
    return type("string").put("pattern", "^(" + whole + ")$");
  }

  static ObjectNode integer(long min, long max) {
    return type("integer").put("minimum", min).put("maximum", max);
  }

  static ObjectNode words(Collection<String> words) {
    ObjectNode schema = object();
    ArrayNode all = schema.putArray("enum");
    words.forEach(all::add);
    return schema;
  }

  /** What fits one of some schemas. */
  static ObjectNode anyOf(Collection<ObjectNode> schemas) {
    ObjectNode schema = object();
    schema.putArray("anyOf").addAll(schemas);
    return schema;
  }

  /** A schema with a line for editors, in front. */
  static ObjectNode described(String about, ObjectNode schema) {
    return object().put("description", about).setAll(schema);
  }
}
