package dev.faultline.journal.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Where the bytes of a journal go. */
interface Sink extends AutoCloseable {

  /** Writes all of a line, or fails with some of it written. */
  void write(ByteBuffer line) throws IOException;

  /** Forces what was written to the disk. */
  void force() throws IOException;

  @Override
  void close() throws IOException;

  /** A file. */
  record OfChannel(FileChannel channel) implements Sink {

    @Override
    public void write(ByteBuffer line) throws IOException {
      while (line.hasRemaining()) {
        channel.write(line);
      }
    }

    @Override
    public void force() throws IOException {
      channel.force(false);
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
