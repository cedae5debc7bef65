package dev.faultline.journal;

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
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;

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
    TreeMap<String, Long> numbers = new TreeMap<>();
    JournalReader.Extent extent =
        JournalReader.read(file, line -> take(file, line, entries, numbers));
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

  private static void take(
      Path file, JournalReader.Line line, List<JournalEntry> entries, TreeMap<String, Long> numbers)
      throws JournalDamaged {
    Refusal refusal = new Refusal(file, line.number());
    JournalEntry entry = entry(line, numbers, refusal);
    boolean first = entries.isEmpty();
    boolean afterEnd = !first && entries.getLast() instanceof WorldEnded;
    switch (entry) {
      case WorldStarted started when first -> check(started, refusal);
      case StepTaken _, WorldEnded _ when !first && !afterEnd && follows(entries, entry) -> {}
      case WorldStarted _, StepTaken _, WorldEnded _ ->
          throw refusal.of(
              "entry " + entry.step() + " stands where entry " + entries.size() + " belongs");
    }
    entries.add(entry);
  }

  private static boolean follows(List<JournalEntry> entries, JournalEntry entry) {
    return entry.step() == entries.size();
  }

  /** The entry of a line. Its key repeats what the entries say, and has to agree. */
  private static JournalEntry entry(
      JournalReader.Line line, TreeMap<String, Long> numbers, Refusal refusal)
      throws JournalDamaged {
    EntryLine read;
    try {
      read = EntryLine.read(line.object());
    } catch (EntryLine.Wrong wrong) {
      throw refusal.of("no entry of a world: " + wrong.getMessage());
    }
    if (!(read.content() instanceof EntryLine.Content.Entry(JournalEntry entry))) {
      throw refusal.of("no entry of a world: it has a \"payload\"");
    }
    String owner = EntryLine.owner(entry);
    if (!read.key().persistenceId().equals(owner)) {
      throw refusal.of(
          "\"pid\" is "
              + JsonMistake.quoted(read.key().persistenceId())
              + "; the entry is of "
              + JsonMistake.quoted(owner));
    }
    long number = numbers.merge(owner, 1L, Long::sum);
    if (read.key().number() != number) {
      throw refusal.of(
          "\"nr\" is "
              + read.key().number()
              + "; the entry is number "
              + number
              + " of "
              + JsonMistake.quoted(owner));
    }
    return entry;
  }

  /** What a run was made from has to be whole, and to be what it says. */
  private static void check(WorldStarted started, Refusal refusal) throws JournalDamaged {
    if (started.format() != JournalEntry.FORMAT) {
      throw refusal.of(
          "format " + started.format() + "; this faultline reads format " + JournalEntry.FORMAT);
    }
    if (!List.of("fifo", "random", "recorded").contains(started.schedule())) {
      throw refusal.of(
          "unknown schedule "
              + JsonMistake.quoted(started.schedule())
              + "; expected fifo, random or recorded");
    }
    for (Source source : started.sources()) {
      if (!source.sha256().equals(source.digest())) {
        throw refusal.of(
            source.kind().name().toLowerCase(Locale.ROOT)
                + " "
                + JsonMistake.quoted(source.name())
                + " was changed: its sha256 is "
                + source.digest()
                + ", not "
                + JsonMistake.quoted(source.sha256()));
      }
    }
  }

  /** Refuses a line, with its place. */
  private record Refusal(Path file, long line) {
    JournalDamaged of(String text) {
      return new JournalDamaged(file.toString(), line, text);
    }
  }
}
