package dev.faultline.scenario.yaml;

/**
 * A stretch of memory as a file names it: {@code 2 MiB..4 MiB}.
 *
 * @param startBytes the first byte, from 0
 * @param endBytes the byte after the last, above the start
 */
public record ByteRange(long startBytes, long endBytes) {
  public ByteRange {
    if (startBytes < 0 || startBytes >= endBytes) {
      throw new IllegalArgumentException("no range of bytes: " + startBytes + ".." + endBytes);
    }
  }

  public long sizeBytes() {
    return endBytes - startBytes;
  }

  /** As it is written in a file. */
  @Override
  public String toString() {
    return ByteSize.text(startBytes) + ".." + ByteSize.text(endBytes);
  }
}
