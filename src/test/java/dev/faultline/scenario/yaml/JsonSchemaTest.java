package dev.faultline.scenario.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion.VersionFlag;
import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The schema of a shape is one, and takes what the shape takes. */
class JsonSchemaTest {

  private static final JsonSchemaFactory SCHEMAS =
      JsonSchemaFactory.getInstance(VersionFlag.V202012);

  private static final String RENDERED = JsonSchema.render("A sample", Sample.SHAPE);

  @Test
  void a_schema_says_what_a_shape_takes() {
    Shape<String> shape =
        Shapes.object(
            "pair",
            List.of(
                Field.required("who", Shapes.identifier(), "who it is"),
                Field.withDefault("count", Shapes.integer(0, 9), 1L, "how many")),
            values -> "");
    assertThat(JsonSchema.render("A pair", shape))
        .isEqualTo(
            """
            {
              "$schema" : "https://json-schema.org/draft/2020-12/schema",
              "title" : "A pair",
              "type" : "object",
              "properties" : {
                "who" : {
                  "description" : "who it is",
                  "type" : "string",
                  "pattern" : "^([a-z][a-z0-9-]{0,40})$"
                },
                "count" : {
                  "description" : "how many",
                  "type" : "integer",
                  "minimum" : 0,
                  "maximum" : 9
                }
              },
              "required" : [
                "who"
              ],
              "additionalProperties" : false
            }
            """);
  }

  @Test
  void a_schema_is_the_same_each_time() {
    assertThat(JsonSchema.render("A sample", Sample.SHAPE)).isEqualTo(RENDERED);
  }

  @Test
  void a_schema_is_one_of_draft_2020_12() throws JsonProcessingException {
    var dialect =
        SCHEMAS.getSchema(SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"));
    assertThat(dialect.validate(new ObjectMapper().readTree(RENDERED))).isEmpty();
  }

  @Test
  void two_shapes_of_one_name_are_our_mistake() {
    Shape<List<Long>> one = Shapes.recursive("numbers", () -> Shapes.list(Shapes.integer(0, 9)));
    Shape<List<String>> other = Shapes.recursive("numbers", () -> Shapes.list(Shapes.text()));
    Shape<String> pair =
        Shapes.object(
            "pair",
            List.of(Field.required("one", one, "x"), Field.required("other", other, "y")),
            values -> "");
    assertThatThrownBy(() -> JsonSchema.render("A pair", pair))
        .hasMessage("two shapes are named numbers");
  }

  @Test
  void the_sample_fits_its_schema() {
    assertThat(fits(Sample.TEXT)).isTrue();
  }

  @ParameterizedTest
  @MethodSource("dev.faultline.scenario.yaml.MalformedTest#wrongValues")
  void a_value_that_the_shape_takes_the_schema_takes(String line) {
    String text = MalformedTest.withoutKey(line.substring(0, line.indexOf(':'))) + line + "\n";
    boolean taken = Sample.problemsOf(text).isEmpty();
    assertThat(fits(text)).as(line).isEqualTo(taken || isBeyondSchemas(line));
  }

  /** What a schema cannot say, see {@link JsonSchema}. */
  private static boolean isBeyondSchemas(String line) {
    return line.equals("seed: 010") || line.equals("size: 010") || line.equals("size: 5");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sync",
        "{sync: , name: a}",
        "dma-map: 0..2 MiB",
        "{dma-map: 4 KiB, name: a-1}",
        "load: 0x1000",
        "load: {at: 2 MiB, expect: 255}",
        "hold: [sync, {hold: [sync]}]",
        "snyc",
        "dma-map",
        "dma-map: ",
        "dma-map: [0]",
        "{sync: , name: A}",
        "{sync: , nmae: a}",
        "{sync: , load: 0}",
        "{name: a}",
        "[sync]",
        "5",
        "load: {expect: 7}",
        "load: {at: 0, expect: 256}",
        "load: {at: 0, xpect: 7}",
        "hold: []",
        "hold: sync",
        "hold: [sync, {hold: [snyc]}]"
      })
  void a_line_that_the_shape_takes_the_schema_takes(String line) {
    String text = "story: x\nsize: 16 MiB\nscript:\n  - " + line + "\n";
    assertThat(fits(text)).isEqualTo(Sample.problemsOf(text).isEmpty());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sede: 5",
        "parties: {Nic: vfio}",
        "parties: {nic: vfoi}",
        "parties: {5: vfio}",
        "parties: {}",
        "views: {}",
        "views: {1 MiB: vfio, 0: process, 4096..0x2000: vfio}",
        "views: {everything: vfio}",
        "quiet: no",
        "quiet: false",
        "seed: \"5\"",
        "seed: 0x11"
      })
  void a_key_that_the_shape_takes_the_schema_takes(String line) {
    String text = "story: x\nsize: 16 MiB\nscript: [sync]\n" + line + "\n";
    assertThat(fits(text)).isEqualTo(Sample.problemsOf(text).isEmpty());
  }

  private static boolean fits(String text) {
    YamlNode tree =
        YamlDocument.parse(new YamlSource("s.yaml", text), new Problems()).orElseThrow();
    return SCHEMAS.getSchema(RENDERED).validate(json(tree)).isEmpty();
  }

  /** What an editor makes of YAML before it asks the schema. */
  private static JsonNode json(YamlNode node) {
    JsonNodeFactory json = JsonNodeFactory.instance;
    return switch (node) {
      case YamlNode.Scalar scalar ->
          switch (Kind.of(scalar)) {
            case TEXT -> json.textNode(scalar.text());
            case NUMBER -> number(scalar.text());
            case TRUTH -> json.booleanNode(Boolean.parseBoolean(scalar.text()));
            case NOTHING, LIST, MAPPING -> json.nullNode();
          };
      case YamlNode.Sequence sequence -> {
        ArrayNode array = json.arrayNode();
        sequence.items().forEach(item -> array.add(json(item)));
        yield array;
      }
      case YamlNode.Mapping mapping -> {
        ObjectNode object = json.objectNode();
        mapping.entries().forEach(entry -> object.set(entry.key().text(), json(entry.value())));
        yield object;
      }
    };
  }

  private static JsonNode number(String text) {
    if (text.startsWith("0x")) {
      return JsonNodeFactory.instance.numberNode(Long.parseLong(text.substring(2), 16));
    }
    // JSON has no infinity; what becomes of it is no number in any case.
    return text.equals(".inf")
        ? JsonNodeFactory.instance.textNode(text)
        : JsonNodeFactory.instance.numberNode(new BigDecimal(text));
  }
}
