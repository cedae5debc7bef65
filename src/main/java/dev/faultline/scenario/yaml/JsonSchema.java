package dev.faultline.scenario.yaml;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * The JSON Schema of a shape, for editors. Equal shapes give equal bytes.
 *
 * <p>What a schema cannot say is left to the reader: how a number was written (010 is refused, 0x10
 * is not), alignment, the order of a range, equal keys, and what a codec checks besides.
 */
public final class JsonSchema {

  private static final DefaultIndenter INDENTER =
      DefaultIndenter.SYSTEM_LINEFEED_INSTANCE.withLinefeed("\n");

  private JsonSchema() {}

  /** The schema as text, with a line feed at its end. */
  public static String render(String title, Shape<?> shape) {
    var definitions = new Definitions();
    ObjectNode schema =
        Json.object()
            .put("$schema", "https://json-schema.org/draft/2020-12/schema")
            .put("title", title)
            .setAll(shape.schema(definitions));
    definitions.addTo(schema);
    var printer = new DefaultPrettyPrinter();
    printer.indentArraysWith(INDENTER);
    printer.indentObjectsWith(INDENTER);
    try {
      return new ObjectMapper().writer(printer).writeValueAsString(schema) + "\n";
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException("a schema that cannot be written: " + title, impossible);
    }
  }
}
