package dev.faultline.journal.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Where the bytes of a journal go. */
interface Sink extends AutoCloseable {

  /** Writes all of it, or fails with some of it written. */
  void write(ByteBuffer bytes) throws IOException;

  void force() throws IOException;

  @Override
  void close() throws IOException;

  /** A file. */
  record OfChannel(FileChannel channel) implements Sink {

    @Override
    public void write(ByteBuffer bytes) throws IOException {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
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
