package dev.faultline.journal.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Appends lines to a journal. After the first write or sync that fails nothing is written any more:
 * what came later would stand behind a hole.
 *
 * <p>A writer may be used by several threads; under {@link Sync.Every} it has one of its own.
 */
public final class JournalWriter implements AutoCloseable {

  private final Path file;
  private final Sink sink;
  private final Sync sync;
  private final JournalLock lock;

  private String sum;
  private long lines;
  private long bytes;
  private boolean unsynced;
  private boolean closed;
  private boolean failureTold;
  private Optional<JournalFailure> failure = Optional.empty();

  /**
   * Where a line lies in the file.
   *
   * @param offset of its first byte
   * @param length in bytes, without the line feed
   */
  public record Place(long offset, int length) {}

  JournalWriter(Path file, Sink sink, Sync sync, JournalLock lock, JournalReader.Extent extent) {
    this.file = file;
    this.sink = sink;
    this.sync = sync;
    this.lock = lock;
    this.sum = extent.sum();
    this.lines = extent.lines();
    this.bytes = extent.bytes();
    if (sync instanceof Sync.Every(long ms)) {
      Thread.ofPlatform().daemon().name("journal-sync").start(() -> syncEvery(ms));
    }
  }

  /**
   * A new journal; folders that are missing are made.
   *
   * @throws JournalFailure if there is one already, if it names a directory, if another process
   *     writes it, or if it cannot be made
   */
  public static JournalWriter create(Path file, Sync sync) throws JournalFailure {
    if (Files.isDirectory(file)) {
      throw new JournalFailure(file + ": " + JournalReader.DIRECTORY);
    }
    try {
      List<Path> folders = NewFileSink.makeFolders(file);
      JournalLock lock = JournalLock.take(file);
      try {
        Sink sink = FaultySink.wrap(NewFileSink.make(file, folders), 0);
        return new JournalWriter(file, sink, sync, lock, JournalReader.Extent.NONE);
      } catch (IOException | RuntimeException cause) {
        lock.close();
        throw cause;
      }
    } catch (IOException cause) {
      throw notOpened(file, cause);
    }
  }

  /**
   * Goes on with a journal; a torn tail is cut, and told.
   *
   * @param warn is told in a sentence
   * @param visitor is shown each line that is there; nothing is cut if it refuses one
   * @throws JournalDamaged if a whole line of it is not what was written, or there is no such file
   * @throws JournalFailure if another process writes it, or if it cannot be opened
   */
  public static JournalWriter resume(
      Path file, Sync sync, Consumer<String> warn, JournalReader.Visitor visitor)
      throws JournalFailure, JournalDamaged {
    if (!Files.isRegularFile(file)) {
      throw JournalReader.noFile(file);
    }
    try {
      JournalLock lock = JournalLock.take(file);
      try {
        JournalReader.Extent extent = JournalReader.read(file, visitor);
        Sink sink = FaultySink.wrap(cut(file, extent, warn), extent.lines());
        return new JournalWriter(file, sink, sync, lock, extent);
      } catch (IOException | JournalDamaged | RuntimeException cause) {
        lock.close();
        throw cause;
      }
    } catch (IOException cause) {
      throw notOpened(file, cause);
    }
  }

  /** The file, ending with its last whole line. */
  private static Sink cut(Path file, JournalReader.Extent extent, Consumer<String> warn)
      throws IOException {
    FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
    if (extent.tornBytes() > 0) {
      warn.accept(JournalReader.torn(file, extent) + "; cut");
      channel.truncate(extent.bytes());
    }
    channel.position(extent.bytes());
    return new Sink.OfChannel(channel);
  }

  private static JournalFailure notOpened(Path file, IOException cause) {
    return switch (cause) {
      case FileAlreadyExistsException there when file.toString().equals(there.getFile()) ->
          new JournalFailure(
              file + " is there already; run never appends: name another, or --resume it");
      case FileAlreadyExistsException there ->
          new JournalFailure("cannot write " + file + ": " + there.getFile() + " is no folder");
      case JournalFailure known -> known;
      default -> new JournalFailure("cannot write " + file, cause);
    };
  }

  /**
   * Appends a line.
   *
   * @param object a JSON object on one line, without its sum
   * @throws JournalFailure if it cannot be written or synced, or something before it could not
   */
  public synchronized Place append(String object) throws JournalFailure {
    stillGood();
    String line = Checksum.seal(object, sum);
    byte[] written = (line + "\n").getBytes(StandardCharsets.UTF_8);
    attempt(file + ":" + (lines + 1), () -> sink.write(ByteBuffer.wrap(written)));
    stillGood();
    Place place = new Place(bytes, written.length - 1);
    sum = Checksum.carried(line);
    lines++;
    bytes += written.length;
    unsynced = true;
    if (sync instanceof Sync.Each) {
      sync();
    }
    return place;
  }

  /**
   * Forces to the disk what is not there yet; under {@link Sync.Never} nothing.
   *
   * @throws JournalFailure if it cannot be done, or something before it could not
   */
  public synchronized void sync() throws JournalFailure {
    stillGood();
    force();
    stillGood();
  }

  private void stillGood() throws JournalFailure {
    if (failure.isPresent()) {
      failureTold = true;
      throw failure.get();
    }
    if (closed) {
      throw new IllegalStateException(file + " is closed");
    }
  }

  private void force() {
    if (unsynced && failure.isEmpty() && !(sync instanceof Sync.Never)) {
      attempt(file + ":" + lines + ": sync", sink::force);
      unsynced = false;
    }
  }

  private synchronized void syncEvery(long ms) {
    try {
      while (!closed && failure.isEmpty()) {
        wait(ms);
        force();
      }
    } catch (InterruptedException _) {
      // Nobody in this process interrupts it; what is left is synced at the end.
    }
  }

  /** Something that may fail. */
  private interface Act {
    void run() throws IOException;
  }

  /** The first failure is the one that is told. */
  private void attempt(String what, Act act) {
    try {
      act.run();
    } catch (IOException cause) {
      failure = failure.or(() -> Optional.of(new JournalFailure(what, cause)));
    }
  }

  /**
   * Ends writing; the journal may be opened again, whatever is thrown.
   *
   * @throws JournalFailure if what is left cannot be synced, or if an earlier failure was told to
   *     nobody yet
   */
  @Override
  public synchronized void close() throws JournalFailure {
    if (closed) {
      return;
    }
    force();
    closed = true;
    notifyAll();
    attempt(file + ": close", sink::close);
    attempt(file + ": unlock", lock::close);
    if (failure.isPresent() && !failureTold) {
      failureTold = true;
      throw failure.get();
    }
  }
}
