package dev.faultline.journal.file;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reads a journal's lines and checks their sums. */
public final class JournalReader {

  /** Longer than any line of ours: the first entry holds a few texts of at most 1 MiB. */
  private static final int MAX_LINE = 64 << 20;

  private JournalReader() {}

  /**
   * A line whose sum is right.
   *
   * @param number from 1
   * @param offset where it starts in the file, in bytes
   * @param length in bytes, without the line feed
   * @param object the JSON object, without its sum
   */
  public record Line(long number, long offset, int length, String object) {}

  /** What is done with each line. */
  public interface Visitor {
    void visit(Line line) throws JournalDamaged;
  }

  /**
   * What a file holds.
   *
   * @param lines how many whole lines
   * @param bytes how many bytes they have
   * @param sum of the last of them
   * @param tornBytes what follows the last line feed: a line that was being written when it was cut
   */
  public record Extent(long lines, long bytes, String sum, long tornBytes) {}

  /**
   * Reads a file line by line.
   *
   * @throws JournalDamaged if a whole line is not what was written, or there is no such file
   */
  public static Extent read(Path file, Visitor visitor) throws IOException, JournalDamaged {
    if (Files.isDirectory(file)) {
      throw new JournalDamaged(file.toString(), "is a directory; name the journal.jsonl in it");
    }
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
      return read(file.toString(), in, visitor);
    } catch (NoSuchFileException _) {
      throw new JournalDamaged(file.toString(), "no such file");
    }
  }

  private static Extent read(String name, InputStream in, Visitor visitor)
      throws IOException, JournalDamaged {
    ByteArrayOutputStream line = new ByteArrayOutputStream(1 << 10);
    String before = Checksum.FIRST;
    long number = 0;
    long offset = 0;
    for (int next = in.read(); next >= 0; next = in.read()) {
      if (next != '\n') {
        line.write(next);
        if (line.size() > MAX_LINE) {
          throw new JournalDamaged(name, number + 1, "a line of more than 64 MiB is no entry");
        }
        continue;
      }
      number++;
      String text = decode(name, number, line.toByteArray());
      String carried = Checksum.carried(text);
      if (carried.isEmpty()) {
        throw new JournalDamaged(name, number, "no journal entry: it does not end with its sum");
      }
      String object = Checksum.open(text);
      if (!Checksum.sum(object, before).equals(carried)) {
        throw new JournalDamaged(
            name,
            number,
            "the line's sum is wrong: it, or the line before it, was changed, added or removed");
      }
      visitor.visit(new Line(number, offset, line.size(), object));
      before = carried;
      offset += line.size() + 1;
      line.reset();
    }
    return new Extent(number, offset, before, line.size());
  }

  private static String decode(String name, long number, byte[] bytes) throws JournalDamaged {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException _) {
      throw new JournalDamaged(name, number, "no journal entry: it is not UTF-8");
    }
  }

  /** What a torn tail is called in a warning. */
  public static String torn(Path file, Extent extent) {
    return file
        + ":"
        + (extent.lines() + 1)
        + ": "
        + extent.tornBytes()
        + " bytes after the last whole line are torn: the process was cut while writing them";
  }
}
