package dev.faultline.journal.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Appends lines to a journal. After the first write or sync that fails nothing is written any more:
 * what came later would stand behind a hole.
 */
public final class JournalWriter implements AutoCloseable {

  /** For tests of crashes: "LINE:BYTE" halts the process after that byte of that line. */
  private static final String HALT = "faultline.journal.halt";

  private final Path file;
  private final Sink sink;
  private final Sync sync;
  private final JournalLock lock;
  private final Optional<String> halt = Optional.ofNullable(System.getProperty(HALT));

  private String sum;
  private long lines;
  private long offset;
  private long lastSyncNanos = System.nanoTime();
  private boolean unsynced;
  private Optional<JournalFailure> failure = Optional.empty();

  JournalWriter(Path file, Sink sink, Sync sync, JournalLock lock, JournalReader.Extent extent) {
    this.file = file;
    this.sink = sink;
    this.sync = sync;
    this.lock = lock;
    this.sum = extent.sum();
    this.lines = extent.lines();
    this.offset = extent.bytes();
  }

  /**
   * A new journal.
   *
   * @throws JournalFailure if there is one already, if another process writes it, or if it cannot
   *     be made
   */
  public static JournalWriter create(Path file, Sync sync) throws IOException {
    Optional<JournalLock> taken = Optional.empty();
    try {
      if (file.toAbsolutePath().getParent() != null) {
        Files.createDirectories(file.toAbsolutePath().getParent());
      }
      JournalLock lock = JournalLock.take(file);
      taken = Optional.of(lock);
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      return new JournalWriter(
          file,
          new Sink.OfChannel(channel),
          sync,
          lock,
          new JournalReader.Extent(0, 0, Checksum.FIRST, 0));
    } catch (IOException cause) {
      if (taken.isPresent()) {
        taken.get().close();
      }
      throw switch (cause) {
        case FileAlreadyExistsException _ ->
            new JournalFailure(
                file + " is there already; run never appends: name another, or --resume it");
        case JournalFailure known -> known;
        default -> new JournalFailure("cannot write " + file, cause);
      };
    }
  }

  /**
   * Goes on with a journal; a torn tail is cut, and told.
   *
   * @param warn is told in a sentence
   * @throws JournalDamaged if a whole line of it is not what was written
   * @throws JournalFailure if another process writes it, or if it cannot be opened
   */
  public static JournalWriter resume(Path file, Sync sync, Consumer<String> warn)
      throws IOException, JournalDamaged {
    if (!Files.isRegularFile(file)) {
      JournalReader.read(file, line -> {});
    }
    JournalLock lock = JournalLock.take(file);
    try {
      JournalReader.Extent extent = JournalReader.read(file, line -> {});
      FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
      if (extent.tornBytes() > 0) {
        warn.accept(JournalReader.torn(file, extent) + "; cut");
        channel.truncate(extent.bytes());
      }
      channel.position(extent.bytes());
      return new JournalWriter(file, new Sink.OfChannel(channel), sync, lock, extent);
    } catch (IOException | JournalDamaged cause) {
      lock.close();
      throw cause;
    }
  }

  /** Where the next line starts, in bytes. */
  public long offset() {
    return offset;
  }

  /**
   * Appends a line.
   *
   * @param object a JSON object on one line, without its sum
   * @throws JournalFailure if it cannot be written or synced, or something before it could not
   */
  public void append(String object) throws JournalFailure {
    if (failure.isPresent()) {
      throw failure.get();
    }
    String line = Checksum.seal(object, sum);
    byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
    try {
      if (halt.isPresent()) {
        haltWithin(bytes);
      }
      sink.write(ByteBuffer.wrap(bytes));
      unsynced = true;
      syncIfDue();
    } catch (IOException cause) {
      failure = Optional.of(new JournalFailure(file + ":" + (lines + 1), cause));
      throw failure.get();
    }
    sum = Checksum.carried(line);
    lines++;
    offset += bytes.length;
  }

  private void haltWithin(byte[] bytes) throws IOException {
    String[] at = halt.orElseThrow().split(":");
    if (lines + 1 == Long.parseLong(at[0])) {
      int count = Math.min(bytes.length, Integer.parseInt(at[1]));
      sink.write(ByteBuffer.wrap(bytes, 0, count));
      Runtime.getRuntime().halt(137);
    }
  }

  private void syncIfDue() throws IOException {
    boolean due =
        switch (sync) {
          case Sync.Each() -> true;
          case Sync.Every(long ms) -> System.nanoTime() - lastSyncNanos >= ms * 1_000_000;
          case Sync.Never() -> false;
        };
    if (due) {
      force();
    }
  }

  private void force() throws IOException {
    sink.force();
    unsynced = false;
    lastSyncNanos = System.nanoTime();
  }

  /**
   * Ends writing.
   *
   * @throws JournalFailure if what is left cannot be synced
   */
  @Override
  public void close() throws JournalFailure {
    try {
      if (unsynced && failure.isEmpty() && !(sync instanceof Sync.Never)) {
        force();
      }
      sink.close();
      lock.close();
    } catch (IOException cause) {
      failure = Optional.of(new JournalFailure(file + ":" + lines, cause));
      throw failure.get();
    }
  }
}
