package dev.faultline.journal.file;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The chained checksum of journal lines. */
final class Checksum {

  /** What the first line is chained to. */
  static final String FIRST = "0".repeat(16);

  private static final String MEMBER = ",\"sum\":\"";

  private Checksum() {}

  /** A line with its sum, from a JSON object without one. */
  static String seal(String object, String before) {
    String body = object.substring(0, object.length() - 1);
    return body + MEMBER + sum(object, before) + "\"}";
  }

  /** The sum that a sealed line carries; empty text if it has none in its place. */
  static String carried(String line) {
    int start = line.lastIndexOf(MEMBER);
    boolean inPlace = start >= 0 && line.length() == start + MEMBER.length() + 18;
    return inPlace && line.endsWith("\"}")
        ? line.substring(start + MEMBER.length(), line.length() - 2)
        : "";
  }

  /** The object of a sealed line, without its sum. */
  static String open(String line) {
    return line.substring(0, line.lastIndexOf(MEMBER)) + "}";
  }

  static String sum(String object, String before) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(before.getBytes(StandardCharsets.US_ASCII));
      digest.update(object.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest.digest(), 0, 8);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JDK has SHA-256", impossible);
    }
  }
}
