package dev.faultline.journal;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * The JSON object of an entry's line: persistence id, sequence number, and the entry; or, for a
 * payload that is no entry, what its serializer made of it.
 *
 * <pre>
 * {"pid":"gmem","nr":17,"entry":{...}}
 * {"pid":"gmem","nr":17,"payload":{
 *     "serializer":20,"manifest":"","event-manifest":"","bytes":"in base64"}}
 * </pre>
 *
 * @param key whose it is
 * @param content what it holds
 */
public record EntryLine(Key key, Content content) {

  /** The persistence id of a world's own entries: the first and the last. */
  public static final String WORLD = "world";

  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  /** A line is not one of ours: what was expected, and what was found. */
  public static final class Wrong extends IOException {
    private static final long serialVersionUID = 1;

    Wrong(String text) {
      super(text);
    }
  }

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

  /** Whose an entry is: the party that decided, or the world. */
  public static String owner(JournalEntry entry) {
    return switch (entry) {
      case JournalEntry.StepTaken step -> step.party().name();
      case JournalEntry.WorldStarted _, JournalEntry.WorldEnded _ -> WORLD;
    };
  }

  /**
   * Reads no further than to the sequence number.
   *
   * @throws Wrong if the line does not begin as one of ours
   */
  public static Key key(String line) throws Wrong {
    try (JsonParser in = JSON.createParser(line)) {
      return key(in);
    } catch (JsonProcessingException wrong) {
      throw new Wrong(JsonMistake.ofText(wrong));
    } catch (Wrong wrong) {
      throw wrong;
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible); // it is read from memory
    }
  }

  private static Key key(JsonParser in) throws IOException {
    expect(in.nextToken() == JsonToken.START_OBJECT, "expected an object");
    expect("pid".equals(in.nextFieldName()), "expected \"pid\" first");
    expect(in.nextToken() == JsonToken.VALUE_STRING, "expected a persistence id as \"pid\"");
    String persistenceId = in.getText();
    expect("nr".equals(in.nextFieldName()), "expected \"nr\" after \"pid\"");
    expect(in.nextToken() == JsonToken.VALUE_NUMBER_INT, "expected a sequence number as \"nr\"");
    return new Key(persistenceId, in.getLongValue());
  }

  /**
   * Reads a line, with its sum or without.
   *
   * @throws Wrong if it is not one of ours
   */
  public static EntryLine read(String line) throws Wrong {
    try (JsonParser in = JSON.createParser(line)) {
      Key key = key(in);
      String member = String.valueOf(in.nextFieldName());
      boolean entry = member.equals("entry");
      expect(entry || member.equals("payload"), "expected \"entry\" or \"payload\"");
      in.nextToken();
      String value = value(line, in);
      String more = in.nextFieldName();
      if ("sum".equals(more)) {
        in.nextToken();
        more = in.nextFieldName();
      }
      expect(more == null && in.currentToken() == JsonToken.END_OBJECT, "expected nothing more");
      expect(in.nextToken() == null, "expected the end of the line");
      return new EntryLine(key, entry ? entry(value) : payload(value));
    } catch (JsonProcessingException wrong) {
      throw new Wrong(JsonMistake.ofText(wrong));
    } catch (Wrong wrong) {
      throw wrong;
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible); // it is read from memory
    }
  }

  /** The text of the value at whose start a parser is. */
  private static String value(String line, JsonParser in) throws IOException {
    long start = in.currentTokenLocation().getCharOffset();
    in.skipChildren();
    in.getText(); // a parser that has not read a text to its end does not know where it ends
    return line.substring(
        Math.toIntExact(start), Math.toIntExact(in.currentLocation().getCharOffset()));
  }

  private static Content entry(String value) throws Wrong {
    try {
      return new Content.Entry(EntryJson.read(value));
    } catch (JsonProcessingException wrong) {
      throw new Wrong(JsonMistake.ofMember(wrong, "entry", value));
    }
  }

  private static Content payload(String value) throws Wrong {
    try {
      return new Content.Other(JSON.readValue(value, Serialized.class));
    } catch (JsonProcessingException wrong) {
      throw new Wrong(JsonMistake.ofMember(wrong, "payload", value));
    }
  }

  private static void expect(boolean met, String what) throws Wrong {
    if (!met) {
      throw new Wrong(what);
    }
  }
}
