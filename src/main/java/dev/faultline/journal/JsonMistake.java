package dev.faultline.journal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.InvalidTypeIdException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.IndexRange;
import dev.faultline.protocol.memory.PageIndex;
import dev.faultline.protocol.memory.PfnRange;
import dev.faultline.protocol.message.Endpoint;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.TaskId;
import dev.faultline.world.MessageId;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the JSON library refused, in our words and on one line: the member, what was expected, what
 * was found.
 */
final class JsonMistake {

  private static final int MAX_SHOWN = 40;

  /** A path is of no use if it is cut. */
  private static final int MAX_PATH = 200;

  /** Of more than so many names nobody reads on. */
  private static final int MAX_NAMES = 6;

  private static final Pattern TWICE = Pattern.compile("Duplicate field '(.*)'", Pattern.DOTALL);

  /** Shows what is not ASCII as its escape: what it would do to a terminal is not known. */
  private static final ObjectMapper SHOWN =
      JsonMapper.builder(JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build())
          .build();

  private static final Map<Class<?>, String> EXPECTED =
      Map.ofEntries(
          Map.entry(boolean.class, "true or false"),
          Map.entry(int.class, "a whole number"),
          Map.entry(long.class, "a whole number"),
          Map.entry(String.class, "a text"),
          Map.entry(byte[].class, "bytes in base64"),
          Map.entry(PartyId.class, "the name of a party"),
          Map.entry(Endpoint.class, "a party, or a task of one such as vmm#1"),
          Map.entry(TaskId.class, "a task number"),
          Map.entry(MessageId.class, "the id of a message such as 12.0"),
          Map.entry(PageIndex.class, "a page number"),
          Map.entry(GfnRange.class, "a range such as 512..767"),
          Map.entry(IndexRange.class, "a range such as 512..767"),
          Map.entry(PfnRange.class, "a range such as 512..767"));

  private JsonMistake() {}

  /** Of a text that is no JSON. */
  static String ofText(JsonProcessingException wrong) {
    Matcher twice = TWICE.matcher(wrong.getOriginalMessage());
    if (twice.lookingAt()) {
      return "member " + quoted(twice.group(1)) + " is there twice";
    }
    if (wrong instanceof InputCoercionException) {
      return "a number is too large";
    }
    return "no JSON from column " + wrong.getLocation().getColumnNr() + " on";
  }

  /**
   * Of JSON that is not what a record of ours is written as.
   *
   * @param member whose value it is
   * @param value its text
   */
  static String ofMember(JsonProcessingException wrong, String member, String value) {
    if (!(wrong instanceof JsonMappingException mapping)) {
      return ofText(wrong);
    }
    StringBuilder path = new StringBuilder(member);
    JsonNode found = tree(value);
    for (JsonMappingException.Reference step : mapping.getPath()) {
      String name = step.getFieldName();
      path.append(name == null ? "[" + step.getIndex() + "]" : "." + name);
      found = name == null ? found.path(step.getIndex()) : found.path(name);
    }
    return switch (mapping) {
      case UnrecognizedPropertyException _ ->
          "member " + quoted(path.toString(), MAX_PATH) + " is unknown";
      case InvalidTypeIdException type ->
          otherwise(
              path.append(".type"), found.path("type"), kinds(type.getBaseType().getRawClass()));
      case ValueInstantiationException instance
          when instance.getCause() instanceof IllegalArgumentException refused ->
          "member " + quoted(path.toString(), MAX_PATH) + ": " + refused.getMessage();
      default -> otherwise(path, found, expected(mapping));
    };
  }

  private static JsonNode tree(String value) {
    try {
      return SHOWN.readTree(value);
    } catch (JsonProcessingException _) {
      return MissingNode.getInstance();
    }
  }

  private static String otherwise(StringBuilder path, JsonNode found, String expected) {
    String member = "member " + quoted(path.toString(), MAX_PATH);
    return found.isMissingNode()
        ? member + " is missing"
        : member + ": expected " + expected + ", found " + shown(found, MAX_SHOWN);
  }

  private static String expected(JsonMappingException wrong) {
    Optional<Class<?>> target =
        switch (wrong) {
          case MismatchedInputException mismatched ->
              Optional.ofNullable(mismatched.getTargetType());
          case JsonMappingException other
              when other.getCause() instanceof InputCoercionException coercion ->
              Optional.ofNullable(coercion.getTargetType());
          default -> Optional.empty();
        };
    return target.map(JsonMistake::expected).orElse("something else");
  }

  private static String expected(Class<?> type) {
    if (type.isEnum()) {
      return oneOf(Arrays.stream(type.getEnumConstants()).map(Object::toString).toList());
    }
    return Collection.class.isAssignableFrom(type)
        ? "a list"
        : EXPECTED.getOrDefault(type, "an object");
  }

  /** The names of what a sealed type permits. */
  private static String kinds(Class<?> root) {
    List<String> names =
        EntryJson.leaves().stream().filter(root::isAssignableFrom).map(EntryJson::name).toList();
    return names.size() <= MAX_NAMES ? oneOf(names) : "the name of a " + root.getSimpleName();
  }

  private static String oneOf(List<String> names) {
    int last = names.size() - 1;
    return last == 0
        ? names.getFirst()
        : String.join(", ", names.subList(0, last)) + " or " + names.get(last);
  }

  /** A text in quotes, on one line, cut to a length that can be read. */
  static String quoted(String text) {
    return quoted(text, MAX_SHOWN);
  }

  private static String quoted(String text, int max) {
    return shown(SHOWN.getNodeFactory().textNode(text), max);
  }

  private static String shown(JsonNode value, int max) {
    try {
      String text = SHOWN.writeValueAsString(value);
      return text.length() <= max ? text : text.substring(0, max) + "...";
    } catch (JsonProcessingException bug) {
      throw new IllegalStateException("a tree that is no JSON", bug);
    }
  }
}
