package dev.faultline.journal;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;

/**
 * The JSON object of an entry's line: persistence id, sequence number, and the entry; or, for a
 * payload that is no entry, what its serializer made of it.
 *
 * <pre>
 * {"pid":"gmem","nr":17,"entry":{...}}
 * {"pid":"gmem","nr":17,"payload":{
 *     "serializer":20,"manifest":"","event-manifest":"","bytes":"in base64"}}
 * </pre>
 */
public final class EntryLine {

  private static final ObjectMapper JSON = new ObjectMapper();

  private EntryLine() {}

  /** Whose entry a line holds: the persistence id, and the number among its entries. */
  public record Key(String persistenceId, long number) {}

  /** What a line holds. */
  public sealed interface Content {

    /** An entry of a world. */
    record Entry(JournalEntry entry) implements Content {}

    /** Any other payload. */
    record Other(Serialized payload) implements Content {}
  }

  /**
   * A payload as its serializer wrote it.
   *
   * @param serializer its number in Akka's configuration
   * @param manifest the serializer's word for the type
   * @param eventManifest the event adapter's
   */
  public record Serialized(
      int serializer,
      String manifest,
      @JsonProperty("event-manifest") String eventManifest,
      byte[] bytes) {}

  /** A line of an entry. */
  public static String of(String persistenceId, long number, JournalEntry entry) {
    return head(persistenceId, number) + ",\"entry\":" + EntryJson.write(entry) + "}";
  }

  /** A line of a payload that is no entry. */
  public static String of(String persistenceId, long number, Serialized payload) {
    return head(persistenceId, number) + ",\"payload\":" + write(payload) + "}";
  }

  private static String head(String persistenceId, long number) {
    char[] quoted = JsonStringEncoder.getInstance().quoteAsString(persistenceId);
    return "{\"pid\":\"" + new String(quoted) + "\",\"nr\":" + number;
  }

  private static String write(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException bug) {
      throw new IllegalStateException("a value that is no JSON: " + value, bug);
    }
  }

  /**
   * Reads no further than to the sequence number.
   *
   * @throws JsonProcessingException if the line does not begin as one of ours
   */
  public static Key key(String line) throws IOException {
    try (JsonParser in = JSON.createParser(line)) {
      return key(in);
    }
  }

  private static Key key(JsonParser in) throws IOException {
    expect(in.nextToken() == JsonToken.START_OBJECT, in, "an object");
    expect("pid".equals(in.nextFieldName()), in, "\"pid\"");
    expect(in.nextToken() == JsonToken.VALUE_STRING, in, "a persistence id");
    String persistenceId = in.getText();
    expect("nr".equals(in.nextFieldName()), in, "\"nr\"");
    expect(in.nextToken() == JsonToken.VALUE_NUMBER_INT, in, "a sequence number");
    return new Key(persistenceId, in.getLongValue());
  }

  /**
   * Reads a line.
   *
   * @throws JsonProcessingException if it is not one of ours
   */
  public static Content content(String line) throws IOException {
    try (JsonParser in = JSON.createParser(line)) {
      key(in);
      String member = String.valueOf(in.nextFieldName());
      expect(in.nextToken() == JsonToken.START_OBJECT, in, "an object");
      String value = value(line, in);
      return switch (member) {
        case "entry" -> new Content.Entry(EntryJson.read(value));
        case "payload" -> new Content.Other(JSON.readValue(value, Serialized.class));
        default -> throw new JsonParseException(in, "expected \"entry\" or \"payload\"");
      };
    }
  }

  /** The text of the object at whose start a parser is. */
  private static String value(String line, JsonParser in) throws IOException {
    long start = in.currentTokenLocation().getCharOffset();
    in.skipChildren();
    return line.substring(
        Math.toIntExact(start), Math.toIntExact(in.currentLocation().getCharOffset()));
  }

  private static void expect(boolean met, JsonParser in, String what) throws JsonParseException {
    if (!met) {
      throw new JsonParseException(in, "expected " + what);
    }
  }
}
