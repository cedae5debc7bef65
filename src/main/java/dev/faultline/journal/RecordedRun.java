package dev.faultline.journal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.faultline.journal.JournalEntry.StepTaken;
import dev.faultline.journal.JournalEntry.WorldEnded;
import dev.faultline.journal.JournalEntry.WorldStarted;
import dev.faultline.journal.file.JournalDamaged;
import dev.faultline.journal.file.JournalReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A journal, read whole.
 *
 * @param file the file
 * @param steps 1..n, in order
 * @param end there for a run that ended
 * @param torn what the tail of the file is, if it was cut while being written
 */
public record RecordedRun(
    Path file,
    WorldStarted started,
    List<StepTaken> steps,
    Optional<WorldEnded> end,
    Optional<String> torn) {

  private static final ObjectMapper JSON = new ObjectMapper();

  public RecordedRun {
    steps = List.copyOf(steps);
  }

  /** A journal's file: the path itself, or the journal.jsonl in a folder. */
  public static Path fileOf(Path path) {
    return Files.isDirectory(path) ? path.resolve("journal.jsonl") : path;
  }

  /**
   * Reads a journal.
   *
   * @throws JournalDamaged with its line, if it is not what was written, or not of this format
   */
  public static RecordedRun read(Path path) throws IOException, JournalDamaged {
    Path file = fileOf(path);
    List<JournalEntry> entries = new ArrayList<>();
    JournalReader.Extent extent = JournalReader.read(file, line -> take(file, line, entries));
    if (entries.isEmpty()) {
      String torn = extent.tornBytes() > 0 ? " whole" : "";
      throw new JournalDamaged(
          file.toString(),
          "has no" + torn + " entry; go on with: faultline run SCENARIO --resume " + file);
    }
    boolean ended = entries.getLast() instanceof WorldEnded;
    List<StepTaken> steps = new ArrayList<>();
    for (JournalEntry entry : entries.subList(1, entries.size() - (ended ? 1 : 0))) {
      steps.add((StepTaken) entry);
    }
    return new RecordedRun(
        file,
        (WorldStarted) entries.getFirst(),
        steps,
        ended ? Optional.of((WorldEnded) entries.getLast()) : Optional.empty(),
        extent.tornBytes() > 0 ? Optional.of(JournalReader.torn(file, extent)) : Optional.empty());
  }

  private static void take(Path file, JournalReader.Line line, List<JournalEntry> entries)
      throws JournalDamaged {
    JournalEntry entry = entry(file, line);
    boolean first = entries.isEmpty();
    boolean afterEnd = !first && entries.getLast() instanceof WorldEnded;
    switch (entry) {
      case WorldStarted started when first && started.format() != JournalEntry.FORMAT ->
          throw new JournalDamaged(
              file.toString(),
              line.number(),
              "format "
                  + started.format()
                  + "; this faultline reads format "
                  + JournalEntry.FORMAT);
      case WorldStarted _ when first -> {}
      case StepTaken _, WorldEnded _ when !first && !afterEnd && follows(entries, entry) -> {}
      case WorldStarted _, StepTaken _, WorldEnded _ ->
          throw new JournalDamaged(
              file.toString(),
              line.number(),
              "entry " + entry.step() + " stands where entry " + entries.size() + " belongs");
    }
    entries.add(entry);
  }

  private static boolean follows(List<JournalEntry> entries, JournalEntry entry) {
    return entry.step() == entries.size();
  }

  private static JournalEntry entry(Path file, JournalReader.Line line) throws JournalDamaged {
    try {
      JsonNode object = JSON.readTree(line.object());
      JsonNode entry = object.get("entry");
      if (entry == null) {
        throw new JournalDamaged(
            file.toString(), line.number(), "no entry of a world: it has no member \"entry\"");
      }
      return EntryJson.read(entry.toString());
    } catch (JsonProcessingException wrong) {
      throw new JournalDamaged(
          file.toString(),
          line.number(),
          "no entry of a world: "
              + String.valueOf(wrong.getOriginalMessage()).lines().findFirst().orElse(""));
    }
  }
}
