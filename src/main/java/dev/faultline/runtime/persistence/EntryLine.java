package dev.faultline.runtime.persistence;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.faultline.journal.EntryJson;
import dev.faultline.journal.JournalEntry;

/** The JSON object of an entry's line: persistence id, sequence number, entry. */
public final class EntryLine {

  private static final ObjectMapper JSON = new ObjectMapper();

  private EntryLine() {}

  public static String of(String persistenceId, long number, JournalEntry entry) {
    return head(persistenceId, number) + ",\"entry\":" + EntryJson.write(entry) + "}";
  }

  static String head(String persistenceId, long number) {
    try {
      return "{\"pid\":" + JSON.writeValueAsString(persistenceId) + ",\"nr\":" + number;
    } catch (JsonProcessingException bug) {
      throw new IllegalStateException("a text that is no JSON: " + persistenceId, bug);
    }
  }
}
