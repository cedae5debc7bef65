package dev.faultline.journal.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written, when it is synced, and that after a failure nothing is. */
class JournalWriterTest {

  private static final int LINES = 5;
  private static final byte[] WHOLE = Journals.bytes(LINES);

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void name_the_file() {
    file = folder.resolve("journal.jsonl");
  }

  private JournalWriter on(Sink sink, Sync sync) throws IOException {
    return new JournalWriter(file, sink, sync, JournalLock.take(file), JournalReader.Extent.NONE);
  }

  private static void append(JournalWriter writer, int from, int to) throws JournalFailure {
    for (int number = from; number <= to; number++) {
      writer.append(Journals.object(number));
    }
  }

  private JournalWriter resume(List<String> warnings) throws JournalFailure, JournalDamaged {
    return JournalWriter.resume(file, new Sync.Never(), warnings::add, line -> {});
  }

  // Creating.

  @Test
  void a_new_journal_has_its_lines_and_leaves_no_lock() throws Exception {
    Path deep = folder.resolve("some").resolve("where").resolve("journal.jsonl");
    List<JournalWriter.Place> places = new ArrayList<>();
    try (JournalWriter writer = JournalWriter.create(deep, new Sync.Each())) {
      for (String object : Journals.objects(LINES)) {
        places.add(writer.append(object));
      }
      assertThat(deep.resolveSibling("journal.jsonl.lock")).exists();
    }
    assertThat(deep).hasBinaryContent(WHOLE);
    assertThat(deep.resolveSibling("journal.jsonl.lock")).doesNotExist();
    List<JournalWriter.Place> read = new ArrayList<>();
    JournalReader.read(
        deep, line -> read.add(new JournalWriter.Place(line.offset(), line.length())));
    assertThat(places).isEqualTo(read);
  }

  @Test
  void a_file_that_is_there_is_never_written_to() throws Exception {
    Files.writeString(file, "mine");
    assertThatThrownBy(() -> JournalWriter.create(file, new Sync.Never()))
        .isInstanceOf(JournalFailure.class)
        .hasMessage(file + " is there already; run never appends: name another, or --resume it");
    assertThat(file).hasContent("mine");
    assertThat(folder).isDirectoryNotContaining("glob:**.lock");
  }

  @Test
  void a_directory_is_no_journal() throws Exception {
    for (Path directory : List.of(folder, folder.getRoot(), Path.of(""))) {
      assertThatThrownBy(() -> JournalWriter.create(directory, new Sync.Never()))
          .isInstanceOf(JournalFailure.class)
          .hasMessage(directory + ": is a directory; name the journal.jsonl in it");
    }
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void a_folder_that_is_a_file_is_told() throws Exception {
    Path below = Files.writeString(folder.resolve("plain"), "").resolve("journal.jsonl");
    assertThatThrownBy(() -> JournalWriter.create(below, new Sync.Never()))
        .isInstanceOf(JournalFailure.class)
        .hasMessage("cannot write " + below + ": " + folder.resolve("plain") + " is no folder");
  }

  // Resuming.

  @Test
  void cut_at_each_length_a_journal_is_gone_on_with_as_if_nothing_had_happened() throws Exception {
    for (int length = 0; length <= WHOLE.length; length++) {
      Journals.write(file, Arrays.copyOf(WHOLE, length));
      List<String> warnings = new ArrayList<>();
      List<Long> shown = new ArrayList<>();
      try (JournalWriter writer =
          JournalWriter.resume(
              file, new Sync.Never(), warnings::add, line -> shown.add(line.number()))) {
        append(writer, shown.size() + 1, LINES);
      }
      assertThat(file).as("length %d", length).hasBinaryContent(WHOLE);
      boolean torn = length > 0 && WHOLE[length - 1] != '\n';
      assertThat(warnings).hasSize(torn ? 1 : 0);
      if (torn) {
        assertThat(warnings.getFirst())
            .startsWith(file + ":" + (shown.size() + 1) + ": ")
            .endsWith("; cut");
      }
    }
  }

  @Test
  void a_tail_of_zeros_is_cut() throws Exception {
    Journals.write(file, Arrays.copyOf(WHOLE, WHOLE.length + 4096));
    List<String> warnings = new ArrayList<>();
    resume(warnings).close();
    assertThat(file).hasBinaryContent(WHOLE);
    assertThat(warnings)
        .containsExactly(
            file
                + ":6: 4096 zero bytes after the last whole line are torn:"
                + " the power was cut before they were on the disk; cut");
  }

  @Test
  void one_byte_is_told_as_one() throws Exception {
    for (String cut :
        List.of(
            "x: 1 byte after the last whole line is torn: the process was cut while writing it",
            "\0: 1 zero byte after the last whole line is torn: the power was cut before it was on"
                + " the disk")) {
      byte[] bytes = Arrays.copyOf(WHOLE, WHOLE.length + 1);
      bytes[WHOLE.length] = (byte) cut.charAt(0);
      Journals.write(file, bytes);
      List<String> warnings = new ArrayList<>();
      resume(warnings).close();
      assertThat(warnings).containsExactly(file + ":6" + cut.substring(1) + "; cut");
    }
  }

  @Test
  void a_damaged_journal_is_left_as_it_is() throws Exception {
    byte[] damaged = Arrays.copyOf(WHOLE, WHOLE.length - 3);
    damaged[2] ^= 1;
    Journals.write(file, damaged);
    assertThatThrownBy(() -> resume(new ArrayList<>())).isInstanceOf(JournalDamaged.class);
    assertThat(file).hasBinaryContent(damaged);
    assertThat(folder).isDirectoryNotContaining("glob:**.lock");
  }

  @Test
  void a_journal_whose_lines_are_refused_is_left_as_it_is() throws Exception {
    byte[] torn = Arrays.copyOf(WHOLE, WHOLE.length - 3);
    Journals.write(file, torn);
    assertThatThrownBy(
            () ->
                JournalWriter.resume(
                    file,
                    new Sync.Never(),
                    warning -> {},
                    line -> {
                      throw new JournalDamaged("it", line.number(), "refused");
                    }))
        .isInstanceOf(JournalDamaged.class);
    assertThat(file).hasBinaryContent(torn);
    assertThat(folder).isDirectoryNotContaining("glob:**.lock");
  }

  @Test
  void a_journal_that_is_not_there_is_not_made() {
    assertThatThrownBy(() -> resume(new ArrayList<>()))
        .isInstanceOf(JournalDamaged.class)
        .hasMessage(file + ": no such file");
    assertThat(folder).isEmptyDirectory();
  }

  // Failing.

  @Test
  void after_a_write_that_fails_nothing_is_written() throws Exception {
    for (int capacity = 0; capacity < WHOLE.length; capacity++) {
      FakeSink disk = FakeSink.ofCapacity(capacity);
      long failing =
          1
              + new String(WHOLE, 0, capacity, StandardCharsets.ISO_8859_1)
                  .chars()
                  .filter(c -> c == '\n')
                  .count();
      try (JournalWriter writer = on(disk, new Sync.Never())) {
        append(writer, 1, Math.toIntExact(failing) - 1);
        for (int attempt = 0; attempt < 3; attempt++) {
          assertThatThrownBy(() -> writer.append(Journals.object(99)))
              .isInstanceOf(JournalFailure.class)
              .hasMessage(file + ":" + failing + ": ENOSPC, no space left on device");
        }
      }
      assertThat(disk.writes()).isEqualTo(failing);
      assertThat(disk.text().getBytes(StandardCharsets.UTF_8).length)
          .as("nothing was added to what the failing write left")
          .isLessThanOrEqualTo(capacity + 2);
      assertThat(disk.closed()).isTrue();
    }
  }

  @Test
  void what_a_failing_write_left_is_torn() throws Exception {
    FakeSink disk = FakeSink.ofCapacity(WHOLE.length - 10);
    try (JournalWriter writer = on(disk, new Sync.Never())) {
      append(writer, 1, LINES - 1);
      assertThatThrownBy(() -> append(writer, LINES, LINES)).isInstanceOf(JournalFailure.class);
    }
    Files.writeString(file, disk.text());
    try (JournalWriter writer = resume(new ArrayList<>())) {
      append(writer, LINES, LINES);
    }
    assertThat(file).hasBinaryContent(WHOLE);
  }

  @Test
  void a_full_device_is_told_by_its_errno() throws Exception {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.exists(full));
    Sink sink = new Sink.OfChannel(FileChannel.open(full, StandardOpenOption.WRITE));
    try (JournalWriter writer = on(sink, new Sync.Never())) {
      assertThatThrownBy(() -> append(writer, 1, 1))
          .isInstanceOf(JournalFailure.class)
          .hasMessage(file + ":1: ENOSPC, no space left on device");
    }
  }

  @Test
  void a_failure_without_words_is_told_by_its_type() throws Exception {
    FileChannel channel = FileChannel.open(Files.createFile(file), StandardOpenOption.WRITE);
    try (JournalWriter writer = on(new Sink.OfChannel(channel), new Sync.Never())) {
      append(writer, 1, 1);
      channel.close();
      assertThatThrownBy(() -> append(writer, 2, 2))
          .isInstanceOf(JournalFailure.class)
          .hasMessage(file + ":2: ClosedChannelException");
    }
    assertThat(file).hasBinaryContent(Journals.bytes(1));
  }

  @Test
  void a_writer_that_was_interrupted_ends_with_a_journal_that_is_whole_or_torn() throws Exception {
    JournalWriter writer = JournalWriter.create(file, new Sync.Never());
    append(writer, 1, 2);
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> append(writer, 3, 3))
        .isInstanceOf(JournalFailure.class)
        .hasMessage(file + ":3: ClosedByInterruptException");
    assertThat(Thread.interrupted()).isTrue();
    assertThatThrownBy(() -> append(writer, 3, 3)).isInstanceOf(JournalFailure.class);
    writer.close();
    // The system may have written the third before it closed the channel, or some of it.
    List<Long> shown = new ArrayList<>();
    try (JournalWriter next =
        JournalWriter.resume(
            file, new Sync.Never(), warning -> {}, line -> shown.add(line.number()))) {
      append(next, shown.size() + 1, LINES);
    }
    assertThat(shown.size()).isBetween(2, 3);
    assertThat(file).hasBinaryContent(WHOLE);
  }

  @Test
  void after_a_sync_that_fails_nothing_is_written() throws Exception {
    FakeSink disk = FakeSink.failingSync(3);
    try (JournalWriter writer = on(disk, new Sync.Each())) {
      append(writer, 1, 2);
      for (int attempt = 0; attempt < 3; attempt++) {
        assertThatThrownBy(() -> writer.append(Journals.object(3)))
            .isInstanceOf(JournalFailure.class)
            .hasMessage(file + ":3: sync: EIO, input/output error");
      }
    }
    assertThat(disk.writes()).isEqualTo(3);
    assertThat(disk.syncs()).isEqualTo(3);
    assertThat(disk.closed()).isTrue();
  }

  @Test
  void a_sync_that_fails_between_two_writes_is_told_by_the_next() throws Exception {
    FakeSink disk = FakeSink.failingSync(1);
    try (JournalWriter writer = on(disk, new Sync.Every(1))) {
      append(writer, 1, 1);
      waitForSyncs(disk, 1);
      assertThatThrownBy(() -> append(writer, 2, 2))
          .isInstanceOf(JournalFailure.class)
          .hasMessage(file + ":1: sync: EIO, input/output error");
    }
    assertThat(disk.writes()).isEqualTo(1);
  }

  @Test
  void a_sync_that_fails_at_the_end_is_told_and_the_journal_is_free() throws Exception {
    JournalWriter writer = on(FakeSink.failingSync(1), new Sync.Every(1_000_000));
    append(writer, 1, 2);
    assertThatThrownBy(writer::close)
        .isInstanceOf(JournalFailure.class)
        .hasMessage(file + ":2: sync: EIO, input/output error");
    writer.close();
    on(FakeSink.sound(), new Sync.Never()).close();
  }

  @Test
  void a_failure_that_nobody_was_told_of_is_told_at_the_end() throws Exception {
    FakeSink disk = FakeSink.failingSync(1);
    JournalWriter writer = on(disk, new Sync.Every(1));
    append(writer, 1, 1);
    waitForSyncs(disk, 1);
    assertThatThrownBy(writer::close).isInstanceOf(JournalFailure.class);
    assertThat(disk.syncs()).isEqualTo(1);
  }

  @Test
  void a_closed_writer_is_closed() throws Exception {
    FakeSink disk = FakeSink.sound();
    JournalWriter writer = on(disk, new Sync.Never());
    writer.close();
    assertThatThrownBy(() -> append(writer, 1, 1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(file + " is closed");
    assertThat(disk.writes()).isZero();
  }

  // Syncing.

  private static void waitForSyncs(FakeSink disk, int count) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (disk.syncs() < count && System.nanoTime() < deadline) {
      Thread.sleep(1);
    }
    assertThat(disk.syncs()).isGreaterThanOrEqualTo(count);
  }

  @Test
  void each_entry_is_synced_once_if_each_is_to_be() throws Exception {
    FakeSink disk = FakeSink.sound();
    try (JournalWriter writer = on(disk, new Sync.Each())) {
      for (int number = 1; number <= LINES; number++) {
        append(writer, number, number);
        assertThat(disk.syncs()).isEqualTo(number);
      }
      writer.sync();
    }
    assertThat(disk.syncs()).isEqualTo(LINES);
  }

  @Test
  void nothing_is_synced_if_never() throws Exception {
    FakeSink disk = FakeSink.sound();
    try (JournalWriter writer = on(disk, new Sync.Never())) {
      append(writer, 1, LINES);
      writer.sync();
    }
    assertThat(disk.syncs()).isZero();
    assertThat(disk.text().getBytes(StandardCharsets.UTF_8)).isEqualTo(WHOLE);
  }

  @Test
  void the_rest_is_synced_at_the_end() throws Exception {
    FakeSink disk = FakeSink.sound();
    try (JournalWriter writer = on(disk, new Sync.Every(1_000_000))) {
      append(writer, 1, LINES);
      assertThat(disk.syncs()).isZero();
    }
    assertThat(disk.syncs()).isEqualTo(1);
  }

  @Test
  void what_was_asked_to_be_synced_is_not_synced_again_at_the_end() throws Exception {
    FakeSink disk = FakeSink.sound();
    try (JournalWriter writer = on(disk, new Sync.Every(1_000_000))) {
      append(writer, 1, LINES);
      writer.sync();
      assertThat(disk.syncs()).isEqualTo(1);
    }
    assertThat(disk.syncs()).isEqualTo(1);
  }

  @Test
  void what_is_written_is_synced_in_time_though_nothing_follows() throws Exception {
    FakeSink disk = FakeSink.sound();
    try (JournalWriter writer = on(disk, new Sync.Every(20))) {
      append(writer, 1, 1);
      waitForSyncs(disk, 1);
      Thread.sleep(100);
      assertThat(disk.syncs()).as("there was nothing new to sync").isEqualTo(1);
      append(writer, 2, 2);
      waitForSyncs(disk, 2);
    }
    assertThat(disk.syncs()).isEqualTo(2);
  }

  @Test
  void the_words_for_a_policy_are_these() {
    assertThat(Sync.parse("each")).contains(new Sync.Each());
    assertThat(Sync.parse("never")).contains(new Sync.Never());
    assertThat(Sync.parse("200ms")).contains(new Sync.Every(200));
    assertThat(Sync.parse("200 ms")).contains(new Sync.Every(200));
    for (String wrong : List.of("", "0ms", "200", "every 200 ms", "-1ms", "99999999ms", "Each")) {
      assertThat(Sync.parse(wrong)).as(wrong).isEmpty();
    }
    assertThatThrownBy(() -> new Sync.Every(0)).isInstanceOf(IllegalArgumentException.class);
  }
}
