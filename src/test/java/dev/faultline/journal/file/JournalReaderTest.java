package dev.faultline.journal.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is not what was written is found, and named; what was cut is told from what was damaged. */
class JournalReaderTest {

  private static final int LINES = 5;
  private static final byte[] WHOLE = Journals.bytes(LINES);

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void name_the_file() {
    file = folder.resolve("journal.jsonl");
  }

  /** The line that the reader finds damaged, from 1; empty if it finds none. */
  private Optional<Long> damagedLine() throws IOException {
    try {
      JournalReader.read(file, line -> {});
      return Optional.empty();
    } catch (JournalDamaged damaged) {
      String text = damaged.getMessage();
      assertThat(text).startsWith(file + ":");
      String rest = text.substring(file.toString().length() + 1);
      return Optional.of(Long.parseLong(rest.substring(0, rest.indexOf(':'))));
    }
  }

  /** The number, from 1, of the line in which a byte lies; the line feed belongs to its line. */
  private static long lineOf(int position) {
    long line = 1;
    for (int at = 0; at < position; at++) {
      line += WHOLE[at] == '\n' ? 1 : 0;
    }
    return line;
  }

  @Test
  void lines_come_with_number_place_and_object() throws Exception {
    Journals.write(file, WHOLE);
    List<JournalReader.Line> lines = new ArrayList<>();
    JournalReader.Extent extent = JournalReader.read(file, lines::add);

    assertThat(lines).hasSize(LINES);
    for (JournalReader.Line line : lines) {
      byte[] there =
          Arrays.copyOfRange(
              WHOLE,
              Math.toIntExact(line.offset()),
              Math.toIntExact(line.offset()) + line.length());
      assertThat(Checksum.open(new String(there, StandardCharsets.UTF_8)))
          .isEqualTo(line.object())
          .isEqualTo(Journals.object(Math.toIntExact(line.number())));
    }
    String last = Journals.lines(LINES).getLast().strip();
    assertThat(extent)
        .isEqualTo(new JournalReader.Extent(LINES, WHOLE.length, Checksum.carried(last), 0, false));
  }

  @Test
  void a_sum_is_that_of_the_sum_before_and_of_the_line_without_its_own() throws Exception {
    String before = Checksum.carried(Journals.lines(2).getFirst().strip());
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    byte[] hash = digest.digest((before + Journals.object(2)).getBytes(StandardCharsets.UTF_8));
    String object = Journals.object(2);
    assertThat(Journals.lines(2).getLast())
        .isEqualTo(
            object.substring(0, object.length() - 1)
                + ",\"sum\":\""
                + HexFormat.of().formatHex(hash).substring(0, 16)
                + "\"}\n");
  }

  @Test
  void an_empty_file_has_no_lines() throws Exception {
    Journals.write(file, new byte[0]);
    assertThat(JournalReader.read(file, line -> {})).isEqualTo(JournalReader.Extent.NONE);
  }

  @Test
  void each_changed_byte_is_found_in_its_line() throws Exception {
    for (int position = 0; position < WHOLE.length; position++) {
      for (int bit : new int[] {0, 5, 7}) {
        byte[] changed = WHOLE.clone();
        changed[position] ^= (byte) (1 << bit);
        Journals.write(file, changed);
        if (position == WHOLE.length - 1) {
          // Without its line feed the last line is one that was being written.
          assertThat(damagedLine()).isEmpty();
          assertThat(JournalReader.read(file, line -> {}).lines()).isEqualTo(LINES - 1);
        } else {
          assertThat(damagedLine()).as("byte %d, bit %d", position, bit).contains(lineOf(position));
        }
      }
    }
  }

  @Test
  void each_byte_that_became_a_line_feed_is_found_in_its_line() throws Exception {
    for (int position = 0; position < WHOLE.length; position++) {
      if (WHOLE[position] != '\n') {
        byte[] changed = WHOLE.clone();
        changed[position] = '\n';
        Journals.write(file, changed);
        assertThat(damagedLine()).as("byte %d", position).contains(lineOf(position));
      }
    }
  }

  @Test
  void at_each_length_a_journal_is_whole_or_torn() throws Exception {
    for (int length = 0; length <= WHOLE.length; length++) {
      byte[] cut = Arrays.copyOf(WHOLE, length);
      Journals.write(file, cut);
      long lines =
          new String(cut, StandardCharsets.ISO_8859_1).chars().filter(c -> c == '\n').count();
      int whole = new String(cut, StandardCharsets.ISO_8859_1).lastIndexOf('\n') + 1;
      JournalReader.Extent extent = JournalReader.read(file, line -> {});
      assertThat(extent.lines()).isEqualTo(lines);
      assertThat(extent.bytes()).isEqualTo(whole);
      assertThat(extent.tornBytes()).as("length %d", length).isEqualTo(length - whole);
      assertThat(extent.tornZeros()).isFalse();
    }
  }

  @Test
  void a_tail_of_zeros_is_torn_wherever_it_begins() throws Exception {
    for (int length = 0; length <= WHOLE.length; length++) {
      Journals.write(file, Arrays.copyOf(Arrays.copyOf(WHOLE, length), length + 4096));
      int whole = new String(WHOLE, 0, length, StandardCharsets.ISO_8859_1).lastIndexOf('\n') + 1;
      JournalReader.Extent extent = JournalReader.read(file, line -> {});
      assertThat(extent.tornBytes()).isEqualTo(length - whole + 4096);
      assertThat(extent.tornZeros()).isEqualTo(length == whole);
      assertThat(JournalReader.torn(file, extent))
          .startsWith(file + ":" + (extent.lines() + 1) + ": " + extent.tornBytes())
          .contains(length == whole ? " zero bytes" : " bytes")
          .contains("are torn");
    }
  }

  @Test
  void a_tail_of_zeros_longer_than_any_line_is_torn() throws Exception {
    Journals.write(file, WHOLE);
    try (RandomAccessFile grown = new RandomAccessFile(file.toFile(), "rw")) {
      grown.setLength(WHOLE.length + (80L << 20));
    }
    assertThat(JournalReader.read(file, line -> {}).tornBytes()).isEqualTo(80L << 20);
  }

  @Test
  void zeros_within_a_journal_are_damage() throws Exception {
    byte[] hole = WHOLE.clone();
    int second = Journals.lines(1).getFirst().getBytes(StandardCharsets.UTF_8).length;
    Arrays.fill(hole, second, second + 20, (byte) 0);
    Journals.write(file, hole);
    assertThat(damagedLine()).contains(2L);
  }

  @Test
  void a_missing_line_shows_at_the_one_that_took_its_place() throws Exception {
    for (int missing = 0; missing < LINES - 1; missing++) {
      List<String> lines = new ArrayList<>(Journals.lines(LINES));
      lines.remove(missing);
      Journals.write(file, lines);
      assertThat(damagedLine()).contains(missing + 1L);
    }
    // No chain can tell that its last link is gone: that is what the entry at the end is for.
    Journals.write(file, Journals.lines(LINES).subList(0, LINES - 1));
    assertThat(damagedLine()).isEmpty();
  }

  @Test
  void a_line_that_is_there_twice_shows_at_the_second() throws Exception {
    for (int twice = 0; twice < LINES; twice++) {
      List<String> lines = new ArrayList<>(Journals.lines(LINES));
      lines.add(twice, lines.get(twice));
      Journals.write(file, lines);
      assertThat(damagedLine()).contains(twice + 2L);
    }
  }

  @Test
  void swapped_lines_show_at_the_first_of_them() throws Exception {
    for (int first = 0; first < LINES; first++) {
      for (int second = first + 1; second < LINES; second++) {
        List<String> lines = new ArrayList<>(Journals.lines(LINES));
        Collections.swap(lines, first, second);
        Journals.write(file, lines);
        assertThat(damagedLine()).contains(first + 1L);
      }
    }
  }

  @Test
  void an_inserted_line_is_named() throws Exception {
    List<String> strange =
        List.of(
            "\n",
            "{}\n",
            "{\"pid\":\"gmem\",\"nr\":3}\n",
            "not JSON\n",
            Checksum.seal(Journals.object(3), Checksum.FIRST) + "\n");
    for (String line : strange) {
      for (int at = 1; at <= LINES; at++) {
        List<String> lines = new ArrayList<>(Journals.lines(LINES));
        lines.add(at, line);
        Journals.write(file, lines);
        assertThat(damagedLine()).as(line).contains(at + 1L);
      }
    }
  }

  @Test
  void a_line_that_was_sealed_again_shows_at_the_next() throws Exception {
    List<String> lines = new ArrayList<>(Journals.lines(LINES));
    String before = Checksum.carried(lines.get(1).strip());
    lines.set(2, Checksum.seal("{\"forged\":true}", before) + "\n");
    Journals.write(file, lines);
    assertThat(damagedLine()).contains(4L);
  }

  @Test
  void a_journal_with_other_line_ends_is_refused() throws Exception {
    Journals.write(
        file, Journals.lines(LINES).stream().map(line -> line.replace("\n", "\r\n")).toList());
    assertThat(damagedLine()).contains(1L);
  }

  @Test
  void a_line_that_is_too_long_is_refused_without_being_kept() throws Exception {
    Journals.write(file, WHOLE);
    try (RandomAccessFile grown = new RandomAccessFile(file.toFile(), "rw")) {
      grown.seek(WHOLE.length + (80L << 20));
      grown.write('\n');
    }
    assertThat(damagedLine()).contains(LINES + 1L);
  }

  @Test
  void what_is_no_journal_is_refused_with_what_it_is() {
    assertThatThrownBy(() -> JournalReader.read(file, line -> {}))
        .isInstanceOf(JournalDamaged.class)
        .hasMessage(file + ": no such file");
    assertThatThrownBy(() -> JournalReader.read(folder, line -> {}))
        .isInstanceOf(JournalDamaged.class)
        .hasMessage(folder + ": is a directory; name the journal.jsonl in it");
  }

  @Test
  void a_device_without_an_end_is_refused() {
    Path zeros = Path.of("/dev/zero");
    assumeTrue(Files.exists(zeros));
    assertThatThrownBy(() -> JournalReader.read(zeros, line -> {}))
        .isInstanceOf(JournalDamaged.class)
        .hasMessage("/dev/zero:1: a line of more than 64 MiB is no entry");
  }

  @Test
  void a_visitor_may_refuse_a_line() throws Exception {
    Journals.write(file, WHOLE);
    assertThatThrownBy(
            () ->
                JournalReader.read(
                    file,
                    line -> {
                      if (line.number() == 3) {
                        throw new JournalDamaged("it", line.number(), "refused");
                      }
                    }))
        .isInstanceOf(JournalDamaged.class)
        .hasMessage("it:3: refused");
  }
}
