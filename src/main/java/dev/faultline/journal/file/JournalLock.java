package dev.faultline.journal.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps two processes from writing one journal: a file beside it, locked while the journal is
 * written, with the number of the process in it. The lock of a dead process is gone with the
 * process.
 */
final class JournalLock implements AutoCloseable {

  /**
   * What this process has locked. POSIX lets go of a file's locks when the process closes any of
   * its descriptors of it, so a file that is locked here must not be opened a second time.
   */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

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
    Path key = file.toAbsolutePath().normalize();
    if (!HELD.add(key)) {
      throw beingWritten(journal, Long.toString(ProcessHandle.current().pid()));
    }
    try {
      FileChannel channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      if (channel.tryLock() == null) {
        channel.close();
        throw beingWritten(journal, holder(file));
      }
      channel.truncate(0);
      channel.write(
          ByteBuffer.wrap(
              Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
      return new JournalLock(file, channel);
    } catch (IOException failure) {
      HELD.remove(key);
      throw failure;
    }
  }

  private static JournalFailure beingWritten(Path journal, String process) {
    return new JournalFailure(journal + " is being written by process " + process);
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
    HELD.remove(file.toAbsolutePath().normalize());
  }
}
