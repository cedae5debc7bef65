package dev.faultline.journal.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * Keeps two processes from writing one journal: a file beside it, locked while the journal is
 * written, with the number of the process in it. The lock of a dead process is gone with the
 * process.
 */
final class JournalLock implements AutoCloseable {

  private final Path file;
  private final FileChannel channel;

  private JournalLock(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * Locks a journal.
   *
   * @throws JournalFailure if another process, or another run of this one, writes it
   */
  static JournalLock take(Path journal) throws IOException {
    Path file = journal.resolveSibling(journal.getFileName() + ".lock");
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    Optional<FileLock> lock = Optional.empty();
    try {
      lock = Optional.ofNullable(channel.tryLock());
    } catch (OverlappingFileLockException _) {
      // This process has it; told below like any other.
    }
    if (lock.isEmpty()) {
      String holder = holder(file);
      channel.close();
      throw new JournalFailure(journal + " is being written by process " + holder);
    }
    channel.truncate(0);
    channel.write(
        ByteBuffer.wrap(
            Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
    return new JournalLock(file, channel);
  }

  private static String holder(Path file) throws IOException {
    try {
      return Files.readString(file).strip();
    } catch (NoSuchFileException _) {
      return "(just ended)";
    }
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(file);
    channel.close();
  }
}
