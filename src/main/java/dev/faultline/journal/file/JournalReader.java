package dev.faultline.journal.file;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reads a journal's lines and checks their sums; it holds one line at a time. */
public final class JournalReader {

  /** Longer than any line of ours: the first entry holds a few texts of at most 1 MiB. */
  private static final int MAX_LINE = 64 << 20;

  /** What is said of a directory that is named in place of a journal. */
  static final String DIRECTORY = "is a directory; name the journal.jsonl in it";

  private final String name;
  private final boolean endless;
  private final Visitor visitor;

  private final ByteArrayOutputStream line = new ByteArrayOutputStream(1 << 10);
  private long beyondMax;
  private boolean zeros = true;
  private Extent extent = Extent.NONE;

  private JournalReader(String name, boolean endless, Visitor visitor) {
    this.name = name;
    this.endless = endless;
    this.visitor = visitor;
  }

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
   * @param tornZeros none of these is other than zero: the file had got its length when the power
   *     went, but not its bytes
   */
  public record Extent(long lines, long bytes, String sum, long tornBytes, boolean tornZeros) {

    /** Of an empty file. */
    static final Extent NONE = new Extent(0, 0, Checksum.FIRST, 0, false);
  }

  /**
   * Reads a file line by line.
   *
   * @throws JournalDamaged if a whole line is not what was written, or there is no such file
   */
  public static Extent read(Path file, Visitor visitor) throws IOException, JournalDamaged {
    if (Files.isDirectory(file)) {
      throw noFile(file);
    }
    try (InputStream in = Files.newInputStream(file)) {
      return new JournalReader(file.toString(), !Files.isRegularFile(file), visitor).read(in);
    } catch (NoSuchFileException _) {
      throw noFile(file);
    }
  }

  /** What is said where a journal has to be, and none is. */
  static JournalDamaged noFile(Path file) {
    return new JournalDamaged(
        file.toString(),
        Files.isDirectory(file) ? DIRECTORY : Files.exists(file) ? "is no file" : "no such file");
  }

  private Extent read(InputStream in) throws IOException, JournalDamaged {
    byte[] block = new byte[1 << 16];
    for (int size = in.read(block); size >= 0; size = in.read(block)) {
      int start = 0;
      for (int at = 0; at < size; at++) {
        if (block[at] == '\n') {
          add(block, start, at);
          endLine();
          start = at + 1;
        }
      }
      add(block, start, size);
    }
    long torn = line.size() + beyondMax;
    return new Extent(extent.lines(), extent.bytes(), extent.sum(), torn, torn > 0 && zeros);
  }

  private void add(byte[] block, int from, int to) throws JournalDamaged {
    for (int at = from; zeros && at < to; at++) {
      zeros = block[at] == 0;
    }
    if (line.size() + (to - from) <= MAX_LINE) {
      line.write(block, from, to - from);
      return;
    }
    // Where a file ends, it may still be a torn tail, of which only the length matters.
    beyondMax += to - from;
    if (endless) {
      throw tooLong();
    }
  }

  private JournalDamaged tooLong() {
    return damaged("a line of more than 64 MiB is no entry");
  }

  private JournalDamaged damaged(String text) {
    return new JournalDamaged(name, extent.lines() + 1, text);
  }

  private void endLine() throws JournalDamaged {
    if (beyondMax > 0) {
      throw tooLong();
    }
    String text = decode();
    String carried = Checksum.carried(text);
    if (carried.isEmpty()) {
      throw damaged("no journal entry: it does not end with its sum");
    }
    String object = Checksum.open(text);
    if (!Checksum.sum(object, extent.sum()).equals(carried)) {
      throw damaged(
          "the line's sum is wrong: it, or the line before it, was changed, added or removed");
    }
    long number = extent.lines() + 1;
    visitor.visit(new Line(number, extent.bytes(), line.size(), object));
    extent = new Extent(number, extent.bytes() + line.size() + 1, carried, 0, false);
    line.reset();
    zeros = true;
  }

  private String decode() throws JournalDamaged {
    try {
      ByteBuffer bytes = ByteBuffer.wrap(line.toByteArray());
      return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException _) {
      throw damaged("no journal entry: it is not UTF-8");
    }
  }

  /** What a torn tail is called in a warning. */
  public static String torn(Path file, Extent extent) {
    boolean one = extent.tornBytes() == 1;
    String bytes = (extent.tornZeros() ? " zero byte" : " byte") + (one ? "" : "s");
    String cut =
        extent.tornZeros()
            ? "the power was cut before " + (one ? "it was" : "they were") + " on the disk"
            : "the process was cut while writing " + (one ? "it" : "them");
    return file
        + ":"
        + (extent.lines() + 1)
        + ": "
        + extent.tornBytes()
        + bytes
        + " after the last whole line "
        + (one ? "is" : "are")
        + " torn: "
        + cut;
  }
}
