package dev.faultline.journal.file;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A disk in memory that counts what is asked of it, and fails where it is told to. */
final class FakeSink implements Sink {

  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final int capacity;
  private final int failingSync;
  private int writes;
  private int syncs;
  private boolean closed;

  private FakeSink(int capacity, int failingSync) {
    this.capacity = capacity;
    this.failingSync = failingSync;
  }

  static FakeSink sound() {
    return new FakeSink(Integer.MAX_VALUE, 0);
  }

  /** Full after so many bytes. */
  static FakeSink ofCapacity(int bytes) {
    return new FakeSink(bytes, 0);
  }

  /** Fails the sync with this number, from 1. */
  static FakeSink failingSync(int number) {
    return new FakeSink(Integer.MAX_VALUE, number);
  }

  @Override
  public synchronized void write(ByteBuffer line) throws IOException {
    writes++;
    int count = Math.min(line.remaining(), capacity - written.size());
    written.write(line.array(), line.position(), count);
    if (count < line.remaining()) {
      throw new IOException("No space left on device");
    }
  }

  @Override
  public synchronized void force() throws IOException {
    syncs++;
    if (syncs == failingSync) {
      throw new IOException("Input/output error");
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
  }

  synchronized String text() {
    return written.toString(StandardCharsets.UTF_8);
  }

  synchronized int writes() {
    return writes;
  }

  synchronized int syncs() {
    return syncs;
  }

  synchronized boolean closed() {
    return closed;
  }
}
