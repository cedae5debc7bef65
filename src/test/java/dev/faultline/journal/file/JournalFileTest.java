package dev.faultline.journal.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalFileTest {

  @TempDir Path folder;

  private Path file;
  private byte[] whole;

  @BeforeEach
  void write() throws Exception {
    file = folder.resolve("journal.jsonl");
    append(file, 0, 5);
    whole = Files.readAllBytes(file);
  }

  private static void append(Path file, int from, int until) throws Exception {
    JournalWriter writer =
        from == 0 && !Files.exists(file)
            ? JournalWriter.create(file, new Sync.Never())
            : JournalWriter.resume(file, new Sync.Never(), text -> {});
    try (writer) {
      for (int number = from; number < until; number++) {
        writer.append("{\"n\":" + number + ",\"text\":\"\u00e9ntry\"}");
      }
    }
  }

  private static List<String> read(Path file) throws Exception {
    List<String> objects = new ArrayList<>();
    JournalReader.read(file, line -> objects.add(line.object()));
    return objects;
  }

  @Test
  void lines_read_back_as_they_were_written() throws Exception {
    assertThat(read(file)).hasSize(5).startsWith("{\"n\":0,\"text\":\"\u00e9ntry\"}");
    assertThat(folder.resolve("journal.jsonl.lock")).doesNotExist();
  }

  @Test
  void a_changed_byte_is_refused_with_its_line_wherever_it_is() throws Exception {
    long line = 1;
    for (int at = 0; at < whole.length; at++) {
      byte[] changed = whole.clone();
      changed[at] ^= 0x01;
      Path other = folder.resolve("changed.jsonl");
      Files.write(other, changed);
      long named = line;
      boolean lastFeed = at == whole.length - 1;
      if (lastFeed) {
        // Without its line feed the last line is torn, and no more is known of it.
        assertThat(read(other)).hasSize(4);
      } else {
        assertThatThrownBy(() -> read(other))
            .as("byte %d", at)
            .isInstanceOf(JournalDamaged.class)
            .hasMessageContaining("changed.jsonl:" + named + ": ");
      }
      line += whole[at] == '\n' ? 1 : 0;
    }
  }

  @Test
  void any_truncation_is_torn_and_a_resumed_journal_is_as_if_it_had_not_been() throws Exception {
    for (int length = 0; length <= whole.length; length++) {
      Path other = folder.resolve("cut-" + length + ".jsonl");
      Files.write(other, java.util.Arrays.copyOf(whole, length));
      int kept = read(other).size();
      append(other, kept, 5);
      assertThat(Files.readAllBytes(other)).as("cut at %d", length).isEqualTo(whole);
    }
  }

  @Test
  void a_tail_of_zeros_is_torn() throws Exception {
    Files.write(file, java.util.Arrays.copyOf(whole, whole.length + 4096));
    JournalReader.Extent extent = JournalReader.read(file, line -> {});
    assertThat(extent.lines()).isEqualTo(5);
    assertThat(extent.tornBytes()).isEqualTo(4096);
    append(file, 5, 5);
    assertThat(Files.readAllBytes(file)).isEqualTo(whole);
  }

  @Test
  void a_missing_a_doubled_a_swapped_and_a_strange_line_are_named() throws Exception {
    List<String> lines = Files.readAllLines(file);
    for (int index = 0; index < 4; index++) {
      List<String> without = new ArrayList<>(lines);
      without.remove(index);
      refused(without, index + 1);
      List<String> twice = new ArrayList<>(lines);
      twice.add(index, lines.get(index));
      refused(twice, index + 2);
      List<String> swapped = new ArrayList<>(lines);
      java.util.Collections.swap(swapped, index, index + 1);
      refused(swapped, index + 1);
      List<String> strange = new ArrayList<>(lines);
      strange.add(index, "{\"hello\":1}");
      refused(strange, index + 1);
    }
  }

  private void refused(List<String> lines, int line) throws IOException {
    Path other = folder.resolve("other.jsonl");
    Files.write(other, lines);
    assertThatThrownBy(() -> read(other)).hasMessageContaining("other.jsonl:" + line + ": ");
  }

  @Test
  void run_never_appends_to_what_is_there() {
    assertThatThrownBy(() -> JournalWriter.create(file, new Sync.Never()))
        .isInstanceOf(JournalFailure.class)
        .hasMessage(file + " is there already; run never appends: name another, or --resume it");
    assertThat(folder.resolve("journal.jsonl.lock")).doesNotExist();
  }

  @Test
  void a_journal_being_written_is_locked_and_the_message_names_the_process() throws Exception {
    Path other = folder.resolve("locked.jsonl");
    try (JournalWriter writer = JournalWriter.create(other, new Sync.Never())) {
      writer.append("{\"n\":0}");
      assertThatThrownBy(() -> JournalWriter.resume(other, new Sync.Never(), text -> {}))
          .hasMessage(other + " is being written by process " + ProcessHandle.current().pid());
      Process second =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-cp",
                  System.getProperty("java.class.path"),
                  SecondWriter.class.getName(),
                  other.toString())
              .redirectErrorStream(true)
              .start();
      String said = new String(second.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(second.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(said.strip())
          .isEqualTo(other + " is being written by process " + ProcessHandle.current().pid());
    }
  }

  /** Another process that wants to write the same journal. */
  static final class SecondWriter {
    public static void main(String[] arguments) throws Exception {
      try {
        JournalWriter.resume(Path.of(arguments[0]), new Sync.Never(), text -> {});
      } catch (JournalFailure refused) {
        System.out.println(refused.getMessage());
      }
    }
  }

  @Test
  void the_lock_of_a_dead_process_does_not_hinder() throws Exception {
    Files.writeString(folder.resolve("journal.jsonl.lock"), "999999");
    append(file, 5, 6);
    assertThat(read(file)).hasSize(6);
  }

  /** A disk that is full after so many bytes, or cannot be synced. */
  private static final class FakeSink implements Sink {
    private final List<Byte> written = new ArrayList<>();
    private final int room;
    private final boolean syncs;
    private int forced;

    FakeSink(int room, boolean syncs) {
      this.room = room;
      this.syncs = syncs;
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
      while (bytes.hasRemaining()) {
        if (written.size() >= room) {
          throw new IOException("No space left on device");
        }
        written.add(bytes.get());
      }
    }

    @Override
    public void force() throws IOException {
      forced++;
      if (!syncs) {
        throw new IOException("Input/output error");
      }
    }

    @Override
    public void close() {}
  }

  private JournalWriter writer(FakeSink sink, Sync sync) throws IOException {
    return new JournalWriter(
        Path.of("j"),
        sink,
        sync,
        JournalLock.take(folder.resolve("fake")),
        new JournalReader.Extent(0, 0, Checksum.FIRST, 0));
  }

  @Test
  void after_a_failed_write_nothing_is_written() throws Exception {
    FakeSink sink = new FakeSink(50, true);
    JournalWriter writer = writer(sink, new Sync.Never());
    writer.append("{\"n\":0}");
    assertThatThrownBy(() -> writer.append("{\"n\":1}"))
        .hasMessage("j:2: ENOSPC, no space left on device");
    assertThatThrownBy(() -> writer.append("{\"n\":2}"))
        .hasMessage("j:2: ENOSPC, no space left on device");
    assertThat(sink.written).hasSize(50);
    writer.close();
  }

  @Test
  void after_a_failed_sync_nothing_is_written() throws Exception {
    FakeSink sink = new FakeSink(10_000, false);
    JournalWriter writer = writer(sink, new Sync.Each());
    assertThatThrownBy(() -> writer.append("{\"n\":0}")).hasMessage("j:1: EIO, input/output error");
    int written = sink.written.size();
    assertThatThrownBy(() -> writer.append("{\"n\":1}")).isInstanceOf(JournalFailure.class);
    assertThat(sink.written).hasSize(written);
    writer.close();
  }

  @Test
  void syncs_come_as_often_as_asked_for() throws Exception {
    for (Sync sync : List.of(new Sync.Each(), new Sync.Every(3_600_000), new Sync.Never())) {
      FakeSink sink = new FakeSink(10_000, true);
      JournalWriter writer = writer(sink, sync);
      for (int number = 0; number < 4; number++) {
        writer.append("{\"n\":" + number + "}");
      }
      writer.close();
      int expected =
          switch (sync) {
            case Sync.Each() -> 4;
            case Sync.Every _ -> 1;
            case Sync.Never() -> 0;
          };
      assertThat(sink.forced).as("%s", sync).isEqualTo(expected);
    }
  }

  @Test
  void a_sync_policy_is_a_word_or_a_time() {
    assertThat(Sync.parse("each")).contains(new Sync.Each());
    assertThat(Sync.parse("never")).contains(new Sync.Never());
    assertThat(Sync.parse("200ms")).contains(new Sync.Every(200));
    assertThat(Sync.parse("0ms")).isEmpty();
    assertThat(Sync.parse("often")).isEmpty();
  }
}
