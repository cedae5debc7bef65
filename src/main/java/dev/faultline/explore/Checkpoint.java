package dev.faultline.explore;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.zip.CRC32C;

/**
 * A file from which a search goes on that was stopped or killed. It is written beside its place and
 * then put there, so it is whole at any time; it keeps the states seen, and of the model only which
 * of its functions was asked of which state, in order.
 */
public final class Checkpoint {

  /** The first bytes of every checkpoint. */
  private static final String MAGIC = "faultline checkpoint\n";

  /** The way in which it is written; another program may write in another. */
  private static final int FORMAT = 1;

  private static final int BUFFER = 1 << 16;
  private static final int SUM_BYTES = 8;

  /** Writing takes at most one part of so many of the time. */
  private static final int SHARE = 10;

  /** Why a search cannot go on from a file, or write it. */
  public static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1;

    Refused(String text) {
      super(text);
    }

    Refused(String text, Throwable cause) {
      super(text, cause);
    }
  }

  private final Path file;
  private final String title;
  private final String digest;
  private final Duration every;
  private long last = System.nanoTime();
  private long took;

  /**
   * A checkpoint of a search.
   *
   * @param title what is searched, and what for, as a person would say it
   * @param digest of all that it depends on; the number of workers and bounds are no part of it
   * @param every so often it is written, or less often where that takes long
   */
  public Checkpoint(Path file, String title, String digest, Duration every) {
    this.file = file.toAbsolutePath();
    this.title = title;
    this.digest = digest;
    this.every = every;
  }

  /** Whether there is a search to go on with. */
  public boolean exists() {
    return Files.exists(file);
  }

  private Path fresh() {
    return file.resolveSibling(file.getFileName() + ".new");
  }

  private Refused refused(String why) {
    return new Refused(file + " " + why);
  }

  /** Finds out now whether it can be written later. */
  void prepare() {
    try {
      Files.write(fresh(), new byte[0]);
      Files.delete(fresh());
    } catch (IOException failure) {
      throw refused("cannot be written: " + reason(failure) + "; name a file in another folder");
    }
  }

  private static String reason(IOException failure) {
    return failure instanceof java.nio.file.NoSuchFileException
        ? "there is no such folder"
        : failure instanceof java.nio.file.AccessDeniedException
            ? "permission denied"
            : String.valueOf(failure.getMessage());
  }

  /** Whether it is time to write it again. */
  boolean isDue() {
    return System.nanoTime() - last >= Math.max(every.toNanos(), SHARE * took);
  }

  // Writing.

  /** Takes what a search has to keep. */
  static final class Writer {
    private final FileChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
    private final CRC32C sum = new CRC32C();

    private Writer(FileChannel channel) {
      this.channel = channel;
    }

    /** A number, small ones in few bytes. */
    void number(long number) {
      room(10);
      long rest = number;
      while ((rest & ~0x7FL) != 0) {
        buffer.put((byte) (rest & 0x7F | 0x80));
        rest >>>= 7;
      }
      buffer.put((byte) rest);
    }

    void longs(long[] from, int at, int count) {
      for (int each = 0; each < count; each++) {
        room(Long.BYTES);
        buffer.putLong(from[at + each]);
      }
    }

    void text(String text) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      number(bytes.length);
      for (byte each : bytes) {
        room(1);
        buffer.put(each);
      }
    }

    private void room(int bytes) {
      if (buffer.remaining() < bytes) {
        flush();
      }
    }

    private void flush() {
      buffer.flip();
      sum.update(buffer.duplicate());
      try {
        while (buffer.hasRemaining()) {
          channel.write(buffer);
        }
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
      buffer.clear();
    }
  }

  /** Writes it anew. */
  void write(Consumer<Writer> content) throws IOException {
    long begin = System.nanoTime();
    try (FileChannel channel =
        FileChannel.open(
            fresh(),
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      Writer writer = new Writer(channel);
      writer.buffer.put(MAGIC.getBytes(StandardCharsets.UTF_8));
      writer.number(FORMAT);
      writer.text(title);
      writer.text(digest);
      content.accept(writer);
      writer.flush();
      writer.longs(new long[] {writer.sum.getValue()}, 0, 1);
      writer.flush();
      channel.force(true);
    } catch (UncheckedIOException failure) {
      throw failure.getCause();
    }
    Files.move(fresh(), file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    try (FileChannel folder = FileChannel.open(file.getParent())) {
      folder.force(true);
    }
    last = System.nanoTime();
    took = last - begin;
  }

  // Reading.

  /** Gives what a search has kept. */
  static final class Reader {
    private final FileChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER).flip();

    private Reader(FileChannel channel) {
      this.channel = channel;
    }

    long number() {
      long number = 0;
      for (int shift = 0; ; shift += 7) {
        need(1);
        byte next = buffer.get();
        number |= (next & 0x7FL) << shift;
        if (next >= 0) {
          return number;
        }
      }
    }

    void longs(long[] into, int at, int count) {
      for (int each = 0; each < count; each++) {
        need(Long.BYTES);
        into[at + each] = buffer.getLong();
      }
    }

    String text() {
      byte[] bytes = new byte[(int) number()];
      for (int each = 0; each < bytes.length; each++) {
        need(1);
        bytes[each] = buffer.get();
      }
      return new String(bytes, StandardCharsets.UTF_8);
    }

    private void need(int bytes) {
      if (buffer.remaining() >= bytes) {
        return;
      }
      buffer.compact();
      try {
        while (buffer.position() < bytes) {
          if (channel.read(buffer) < 0) {
            throw new IllegalStateException("nothing is left to read");
          }
        }
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
      buffer.flip();
    }
  }

  /**
   * Reads it.
   *
   * @throws Refused if it is not whole, or of another search
   */
  void read(Consumer<Reader> content) {
    try (FileChannel channel = FileChannel.open(file)) {
      Reader reader = new Reader(channel);
      checkHead(reader);
      if (!isWhole(channel)) {
        throw refused("is damaged; delete it, and the search begins anew");
      }
      String itsTitle = reader.text();
      String itsDigest = reader.text();
      if (!itsTitle.equals(title)) {
        throw refused(
            "is a checkpoint of another search: " + itsTitle + "; name another file for " + title);
      }
      if (!itsDigest.equals(digest)) {
        throw otherOptions();
      }
      content.accept(reader);
    } catch (IOException failure) {
      throw refused("cannot be read: " + reason(failure));
    } catch (UncheckedIOException failure) {
      throw refused("cannot be read: " + reason(failure.getCause()));
    }
  }

  private void checkHead(Reader reader) throws IOException {
    byte[] magic = MAGIC.getBytes(StandardCharsets.UTF_8);
    if (Files.size(file) < magic.length + 1 + SUM_BYTES) {
      throw refused("is no checkpoint; name another file");
    }
    for (byte each : magic) {
      reader.need(1);
      if (reader.buffer.get() != each) {
        throw refused("is no checkpoint; name another file");
      }
    }
    long format = reader.number();
    if (format != FORMAT) {
      throw refused(
          "is written in format "
              + format
              + ", and this program reads "
              + FORMAT
              + "; name another file");
    }
  }

  /** Whether the sum at its end is that of all before; moves nothing. */
  private static boolean isWhole(FileChannel channel) throws IOException {
    CRC32C sum = new CRC32C();
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
    long end = channel.size() - SUM_BYTES;
    long at = 0;
    while (at < end) {
      buffer.clear().limit((int) Math.min(BUFFER, end - at));
      int count = channel.read(buffer, at);
      if (count <= 0) {
        return false;
      }
      at += count;
      sum.update(buffer.flip());
    }
    buffer.clear().limit(SUM_BYTES);
    return channel.read(buffer, end) == SUM_BYTES && buffer.flip().getLong() == sum.getValue();
  }

  /** What is refused of a search with other options, or of files that have changed. */
  Refused otherOptions() {
    return refused(
        "is a checkpoint of "
            + title
            + " as it was before its files or options changed; name another file");
  }

  /** What is refused of a file that is whole, and does not fit the model. */
  Refused changed(RuntimeException why) {
    return new Refused(
        file
            + " is of a program that decides otherwise than this one; delete it, and the search"
            + " begins anew",
        why);
  }
}
