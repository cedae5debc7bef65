package dev.faultline.journal.file;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/** A file that takes a few bytes at a time, as a file system may, and counts its syncs. */
final class FakeChannel extends FileChannel {

  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final int perWrite;
  private final boolean broken;
  private int syncs;

  private FakeChannel(int perWrite, boolean broken) {
    this.perWrite = perWrite;
    this.broken = broken;
  }

  /** Takes at most so many bytes at a time. */
  static FakeChannel taking(int bytes) {
    return new FakeChannel(bytes, false);
  }

  /** Takes what is written, but can neither be synced nor closed. */
  static FakeChannel broken() {
    return new FakeChannel(Integer.MAX_VALUE, true);
  }

  byte[] bytes() {
    return written.toByteArray();
  }

  int syncs() {
    return syncs;
  }

  @Override
  public int write(ByteBuffer source) {
    byte[] taken = new byte[Math.min(perWrite, source.remaining())];
    source.get(taken);
    written.writeBytes(taken);
    return taken.length;
  }

  @Override
  public void force(boolean metaData) throws IOException {
    if (broken) {
      throw new IOException("Input/output error");
    }
    syncs++;
  }

  @Override
  protected void implCloseChannel() throws IOException {
    if (broken) {
      throw new IOException("Disk quota exceeded");
    }
  }

  private static UnsupportedOperationException neverAsked() {
    return new UnsupportedOperationException("a sink only writes, syncs and closes");
  }

  @Override
  public int read(ByteBuffer target) {
    throw neverAsked();
  }

  @Override
  public long read(ByteBuffer[] targets, int offset, int length) {
    throw neverAsked();
  }

  @Override
  public long write(ByteBuffer[] sources, int offset, int length) {
    throw neverAsked();
  }

  @Override
  public long position() {
    throw neverAsked();
  }

  @Override
  public FileChannel position(long newPosition) {
    throw neverAsked();
  }

  @Override
  public long size() {
    throw neverAsked();
  }

  @Override
  public FileChannel truncate(long size) {
    throw neverAsked();
  }

  @Override
  public long transferTo(long position, long count, WritableByteChannel target) {
    throw neverAsked();
  }

  @Override
  public long transferFrom(ReadableByteChannel source, long position, long count) {
    throw neverAsked();
  }

  @Override
  public int read(ByteBuffer target, long position) {
    throw neverAsked();
  }

  @Override
  public int write(ByteBuffer source, long position) {
    throw neverAsked();
  }

  @Override
  public MappedByteBuffer map(MapMode mode, long position, long size) {
    throw neverAsked();
  }

  @Override
  public FileLock lock(long position, long size, boolean shared) {
    throw neverAsked();
  }

  @Override
  public FileLock tryLock(long position, long size, boolean shared) {
    throw neverAsked();
  }
}
