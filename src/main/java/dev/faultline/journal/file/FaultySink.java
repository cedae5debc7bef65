package dev.faultline.journal.file;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A sink that dies, or fails, where a system property says; for tests of crashes in a process of
 * their own. {@code faultline.journal.halt=LINE:BYTE} halts the process when that many bytes of
 * that line of the file are written; {@code faultline.journal.fail-sync=N} fails the sync with that
 * number, from 1, as a broken disk would.
 */
final class FaultySink implements Sink {

  private static final String HALT = "faultline.journal.halt";
  private static final String FAIL_SYNC = "faultline.journal.fail-sync";

  private final Sink sink;
  private final long haltLine;
  private final int haltByte;
  private final long failSync;
  private long lines;
  private long syncs;

  private FaultySink(Sink sink, long lines, long haltLine, int haltByte, long failSync) {
    this.sink = sink;
    this.lines = lines;
    this.haltLine = haltLine;
    this.haltByte = haltByte;
    this.failSync = failSync;
  }

  /**
   * The same sink, unless a property asks for a fault.
   *
   * @param lines how many the file has already
   */
  static Sink wrap(Sink sink, long lines) {
    String halt = System.getProperty(HALT, "");
    long failSync = Long.getLong(FAIL_SYNC, 0);
    if (halt.isEmpty() && failSync == 0) {
      return sink;
    }
    String[] at = halt.isEmpty() ? new String[] {"0", "0"} : halt.split(":");
    return new FaultySink(sink, lines, Long.parseLong(at[0]), Integer.parseInt(at[1]), failSync);
  }

  @Override
  public void write(ByteBuffer line) throws IOException {
    lines++;
    if (lines == haltLine) {
      sink.write(line.slice(0, Math.min(line.limit(), haltByte)));
      Runtime.getRuntime().halt(137);
    }
    sink.write(line);
  }

  @Override
  public void force() throws IOException {
    syncs++;
    if (syncs == failSync) {
      throw new IOException("Input/output error");
    }
    sink.force();
  }

  @Override
  public void close() throws IOException {
    sink.close();
  }
}
