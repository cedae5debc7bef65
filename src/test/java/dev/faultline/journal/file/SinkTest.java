package dev.faultline.journal.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a journal asks of a file, and of the folders that it is in. Not shown: that the system syncs
 * a folder when asked; only that each is opened for it.
 */
class SinkTest {

  @TempDir Path folder;

  private static ByteBuffer line(int number) {
    return ByteBuffer.wrap(Journals.bytes(number));
  }

  @Test
  void a_line_is_written_whole_however_little_is_taken_at_a_time() throws Exception {
    for (int bytes : new int[] {1, 7, 1000}) {
      FakeChannel channel = FakeChannel.taking(bytes);
      try (Sink sink = new Sink.OfChannel(channel)) {
        sink.write(line(1));
        assertThat(channel.bytes()).isEqualTo(Journals.bytes(1));
        assertThat(channel.syncs()).isZero();
        sink.force();
        assertThat(channel.syncs()).isEqualTo(1);
      }
      assertThat(channel.isOpen()).isFalse();
    }
  }

  @Test
  void of_several_failures_the_first_is_told() throws Exception {
    Path file = folder.resolve("journal.jsonl");
    JournalWriter writer =
        new JournalWriter(
            file,
            new Sink.OfChannel(FakeChannel.broken()),
            new Sync.Every(1_000_000),
            JournalLock.take(file),
            JournalReader.Extent.NONE);
    writer.append(Journals.object(1));
    assertThatThrownBy(writer::close)
        .isInstanceOf(JournalFailure.class)
        .hasMessage(file + ":1: sync: EIO, input/output error");
    assertThat(folder).as("the lock is gone all the same").isEmptyDirectory();
  }

  @Test
  void a_close_that_fails_is_told() throws Exception {
    Path file = folder.resolve("journal.jsonl");
    JournalWriter writer =
        new JournalWriter(
            file,
            new Sink.OfChannel(FakeChannel.broken()),
            new Sync.Never(),
            JournalLock.take(file),
            JournalReader.Extent.NONE);
    writer.append(Journals.object(1));
    assertThatThrownBy(writer::close)
        .isInstanceOf(JournalFailure.class)
        .hasMessage(file + ": close: EDQUOT, disk quota exceeded");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void a_new_name_is_in_the_files_folder_and_in_that_of_each_folder_made() throws Exception {
    Path deep = folder.resolve("some").resolve("where");
    assertThat(NewFileSink.makeFolders(deep.resolve("journal.jsonl")))
        .containsExactlyInAnyOrder(folder, folder.resolve("some"), deep);
    assertThat(deep).isDirectory();
    assertThat(NewFileSink.makeFolders(deep.resolve("journal.jsonl"))).containsExactly(deep);
  }

  @Test
  void folders_with_a_new_name_are_synced_with_the_first_bytes_only() throws Exception {
    Path other = Files.createDirectory(folder.resolve("other"));
    try (Sink sink = NewFileSink.make(folder.resolve("journal.jsonl"), List.of(folder, other))) {
      sink.write(line(1));
      Files.delete(other);
      assertThatThrownBy(sink::force)
          .isInstanceOf(NoSuchFileException.class)
          .hasMessage(other.toString());
      Files.createDirectory(other);
      sink.force();
      Files.delete(other);
      sink.force();
    }
  }
}
