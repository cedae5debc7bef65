package dev.faultline.testing;

import dev.faultline.journal.file.JournalDamaged;
import dev.faultline.journal.file.JournalReader;
import dev.faultline.journal.file.JournalWriter;
import dev.faultline.journal.file.Sync;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A golden journal that somebody changed, with all checksums of its lines made anew. */
public final class ForgedJournal {

  private final List<String> objects = new ArrayList<>();

  private ForgedJournal() {}

  /** The golden journal of a scenario, not changed yet. */
  public static ForgedJournal of(String scenario) throws IOException, JournalDamaged {
    return read(Path.of("journal", "golden", scenario + ".jsonl"));
  }

  public static ForgedJournal read(Path file) throws IOException, JournalDamaged {
    ForgedJournal journal = new ForgedJournal();
    JournalReader.read(file, line -> journal.objects.add(line.object()));
    return journal;
  }

  /** Changes a line, counted from 1; throws if it is the same afterwards. */
  public ForgedJournal with(int line, String is, String becomes) {
    String object = objects.get(line - 1);
    int at = object.indexOf(is);
    if (at < 0) {
      throw new IllegalArgumentException("line " + line + " has no " + is + ": " + object);
    }
    objects.set(line - 1, object.substring(0, at) + becomes + object.substring(at + is.length()));
    return this;
  }

  /** The same in its last line. */
  public ForgedJournal withLast(String is, String becomes) {
    return with(objects.size(), is, becomes);
  }

  /** Keeps so many lines. */
  public ForgedJournal cutTo(int lines) {
    objects.subList(lines, objects.size()).clear();
    return this;
  }

  /** Puts a line behind the last one. */
  public ForgedJournal and(String object) {
    objects.add(object);
    return this;
  }

  public int lines() {
    return objects.size();
  }

  /** What a line holds, counted from 1. */
  public String line(int line) {
    return objects.get(line - 1);
  }

  public Path write(Path file) throws IOException {
    try (JournalWriter writer = JournalWriter.create(file, new Sync.Never())) {
      for (String object : objects) {
        writer.append(object);
      }
    }
    return file;
  }
}
