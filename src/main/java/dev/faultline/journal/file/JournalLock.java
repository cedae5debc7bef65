package dev.faultline.journal.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps two writers from one journal: a file beside it, locked while the journal is written, with
 * the number of the process in it. The lock of a dead process is gone with the process, and what
 * such a file says is then of no interest.
 */
final class JournalLock implements AutoCloseable {

  /**
   * Locked by this process. The system would not tell two writers of one process apart; worse, it
   * takes a lock away when the process closes any channel on the file, so that asking for a lock
   * that one has already would lose it.
   */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path file;
  private final FileChannel channel;

  private JournalLock(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  private static final Object NO_FILE = "no file";

  /** What a holder leaves in the file after it took its name away. */
  private static final String RELEASED = "released";

  /**
   * More than ever let go one after the other while we ask. A link to nothing, or a copy of a file
   * that was just released, would otherwise be asked for ever.
   */
  private static final int ATTEMPTS = 1000;

  /**
   * Locks a journal.
   *
   * @throws JournalFailure if another process, or another writer of this one, has it, or if what is
   *     in the lock's place never becomes one
   */
  static JournalLock take(Path journal) throws IOException {
    Path folder = journal.toAbsolutePath().getParent().toRealPath();
    Path file = folder.resolve(journal.getFileName() + ".lock");
    if (!HELD.add(file)) {
      throw held(journal, "process " + ProcessHandle.current().pid() + ", which is this one");
    }
    boolean taken = false;
    try {
      JournalLock lock = take(journal, file);
      taken = true;
      return lock;
    } finally {
      if (!taken) {
        HELD.remove(file);
      }
    }
  }

  private static JournalLock take(Path journal, Path file) throws IOException {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      Optional<JournalLock> lock = attempt(journal, file);
      if (lock.isPresent()) {
        return lock.get();
      }
    }
    throw new JournalFailure(
        journal + " cannot be locked: " + file + " was left by no run; remove it");
  }

  /** Empty if the file's last holder removed it meanwhile: then what was locked is no name. */
  private static Optional<JournalLock> attempt(Path journal, Path file) throws IOException {
    try {
      Files.createFile(file);
    } catch (FileAlreadyExistsException _) {
      // Of a process that writes, or that died: the lock will tell.
    }
    Object before = identity(file);
    FileChannel channel;
    try {
      channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
    } catch (NoSuchFileException _) {
      return Optional.empty();
    }
    boolean taken = false;
    try {
      if (channel.tryLock() == null) {
        throw held(journal, "process " + holder(channel));
      }
      // A file that was removed may have got its number, and its name, back by now as another file.
      taken =
          !content(channel).equals(RELEASED)
              && !before.equals(NO_FILE)
              && before.equals(identity(file));
      if (!taken) {
        return Optional.empty();
      }
      write(channel, Long.toString(ProcessHandle.current().pid()));
      return Optional.of(new JournalLock(file, channel));
    } finally {
      if (!taken) {
        channel.close();
      }
    }
  }

  /** What tells a file from another that has its name later. */
  private static Object identity(Path file) throws IOException {
    try {
      return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    } catch (NoSuchFileException _) {
      return NO_FILE;
    }
  }

  private static String holder(FileChannel channel) throws IOException {
    String pid = content(channel);
    return pid.isEmpty() || pid.equals(RELEASED) ? "(just starting)" : pid;
  }

  private static String content(FileChannel channel) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(20);
    channel.read(bytes, 0);
    return new String(bytes.array(), 0, bytes.position(), StandardCharsets.US_ASCII);
  }

  private static void write(FileChannel channel, String text) throws IOException {
    channel.truncate(0);
    channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)), 0);
  }

  private static JournalFailure held(Path journal, String holder) {
    return new JournalFailure(journal + " is being written by " + holder);
  }

  @Override
  public void close() throws IOException {
    try (channel) {
      // Before the lock goes: afterwards the file may be another's.
      Files.deleteIfExists(file);
      write(channel, RELEASED);
    } finally {
      HELD.remove(file);
    }
  }
}
