package dev.faultline.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Standard output that remembers its first failed write, which {@code PrintStream} would swallow.
 *
 * <p>A reader that has gone away ({@code faultline show ... | head}) is no failure: it has read
 * what it wanted.
 */
final class StandardOutput extends OutputStream {

  private final FileOutputStream descriptor = new FileOutputStream(FileDescriptor.out);
  private boolean open = true;
  private Optional<IOException> failure = Optional.empty();

  @Override
  public void write(int octet) {
    write(new byte[] {(byte) octet}, 0, 1);
  }

  @Override
  public synchronized void write(byte[] octets, int offset, int count) {
    if (!open) {
      return;
    }
    try {
      descriptor.write(octets, offset, count);
    } catch (IOException e) {
      open = false;
      failure = isPipe() ? Optional.empty() : Optional.of(e);
    }
  }

  /** Why what was written did not arrive; empty if it did, or if nobody wanted it any more. */
  synchronized Optional<IOException> failure() {
    return failure;
  }

  /** A write to a pipe fails only when nobody reads it; the text of the error is translated. */
  private static boolean isPipe() {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/1")).toString();
      return target.startsWith("pipe:") || target.startsWith("socket:");
    } catch (IOException e) {
      return false;
    }
  }
}
