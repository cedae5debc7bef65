package dev.faultline.scenario.yaml;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.Map;

/** The JSON Schema of a shape, for editors. Equal shapes give equal bytes. */
public final class JsonSchema {

  /** Definitions that are met while one schema is made; made by one thread at a time. */
  private static final ThreadLocal<Map<String, Object>> DEFINITIONS =
      ThreadLocal.withInitial(LinkedHashMap::new);

  private JsonSchema() {}

  /** The schema as text, with a line feed at its end. */
  public static String render(String title, Shape<?> shape) {
    DEFINITIONS.get().clear();
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    schema.put("title", title);
    schema.putAll(shape.schema());
    if (!DEFINITIONS.get().isEmpty()) {
      schema.put("$defs", new LinkedHashMap<>(DEFINITIONS.get()));
    }
    DEFINITIONS.remove();
    DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
    printer.indentArraysWith(DefaultIndenter.SYSTEM_LINEFEED_INSTANCE.withLinefeed("\n"));
    printer.indentObjectsWith(DefaultIndenter.SYSTEM_LINEFEED_INSTANCE.withLinefeed("\n"));
    try {
      return new ObjectMapper().writer(printer).writeValueAsString(schema) + "\n";
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException("a schema that cannot be written: " + title, impossible);
    }
  }

  static void define(String name, Shape<?> shape) {
    if (!DEFINITIONS.get().containsKey(name)) {
      DEFINITIONS.get().put(name, Map.of());
      DEFINITIONS.get().put(name, shape.schema());
    }
  }
}
