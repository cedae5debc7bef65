package dev.faultline.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import dev.faultline.journal.Source;
import dev.faultline.scenario.yaml.Problems;
import dev.faultline.scenario.yaml.YamlDocument;
import dev.faultline.scenario.yaml.YamlNode;
import dev.faultline.scenario.yaml.YamlSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The JSON Schemas that editors use: generated of the shapes that read the files, kept in the jar.
 *
 * <p>{@code -Dfaultline.record=true} writes them anew.
 */
class SchemasTest {

  private static final Path FOLDER =
      Path.of("src", "main", "resources", "dev", "faultline", "schema");

  private static String name(Source.Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  @ParameterizedTest
  @EnumSource(Source.Kind.class)
  void the_schema_in_the_jar_is_the_one_of_the_shapes(Source.Kind kind) throws Exception {
    Path file = FOLDER.resolve(name(kind) + ".schema.json");
    if (Boolean.getBoolean("faultline.record")) {
      Files.createDirectories(FOLDER);
      Files.writeString(file, Schemas.of(kind));
    }
    assertThat(Files.readString(file)).isEqualTo(Schemas.of(kind));
  }

  private static JsonSchema schema(Source.Kind kind) throws Exception {
    JsonNode text = new ObjectMapper().readTree(Schemas.of(kind));
    return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(text);
  }

  private static JsonNode json(YamlNode node) {
    JsonNodeFactory make = JsonNodeFactory.instance;
    return switch (node) {
      case YamlNode.Scalar scalar when !scalar.plain() -> make.textNode(scalar.text());
      case YamlNode.Scalar scalar when scalar.text().matches("-?(0|[1-9][0-9]*)") ->
          make.numberNode(Long.parseLong(scalar.text()));
      case YamlNode.Scalar scalar when scalar.text().isEmpty() -> make.nullNode();
      case YamlNode.Scalar scalar when scalar.text().matches("true|false") ->
          make.booleanNode(scalar.text().equals("true"));
      case YamlNode.Scalar scalar -> make.textNode(scalar.text());
      case YamlNode.Sequence sequence -> {
        ArrayNode array = make.arrayNode();
        sequence.items().forEach(item -> array.add(json(item)));
        yield array;
      }
      case YamlNode.Mapping mapping -> {
        ObjectNode object = make.objectNode();
        mapping.entries().forEach(entry -> object.set(entry.key().text(), json(entry.value())));
        yield object;
      }
    };
  }

  private static JsonNode json(String name, String text) {
    return json(YamlDocument.parse(new YamlSource(name, text), new Problems()).orElseThrow());
  }

  private static List<Path> shipped(Source.Kind kind) throws Exception {
    try (var files = Files.walk(Path.of("conf", name(kind)))) {
      return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
    }
  }

  @ParameterizedTest
  @EnumSource(Source.Kind.class)
  void every_shipped_file_fits_its_schema(Source.Kind kind) throws Exception {
    JsonSchema schema = schema(kind);
    List<Path> files = shipped(kind);
    assertThat(files).isNotEmpty();
    for (Path file : files) {
      assertThat(schema.validate(json(file.toString(), Files.readString(file))))
          .as("%s", file)
          .isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(Source.Kind.class)
  void a_file_with_a_key_too_many_or_too_few_does_not_fit(Source.Kind kind) throws Exception {
    JsonSchema schema = schema(kind);
    for (Path file : shipped(kind)) {
      String text = Files.readString(file);
      assertThat(schema.validate(json("x", text + "\nnonsense: 1\n"))).as("%s", file).isNotEmpty();
      List<String> lines = new ArrayList<>(text.lines().toList());
      lines.removeIf(line -> line.startsWith(kind == Source.Kind.SCENARIO ? "mode:" : "source:"));
      assertThat(schema.validate(json("x", String.join("\n", lines) + "\n")))
          .as("%s", file)
          .isNotEmpty();
    }
  }
}
