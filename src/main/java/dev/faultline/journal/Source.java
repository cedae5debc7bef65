package dev.faultline.journal;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A file that a run was made from, whole, so that a journal can be mailed alone.
 *
 * @param kind what it is: scenario, mode, revision, vmm, guest, mutation
 * @param name the name by which it was found
 * @param sha256 of the text in UTF-8, hex
 * @param text the file
 */
public record Source(Kind kind, String name, String sha256, String text) {

  /** The kinds of files. */
  public enum Kind {
    SCENARIO,
    MODE,
    REVISION,
    VMM,
    GUEST,
    MUTATION
  }

  /** A file as it is. */
  public static Source of(Kind kind, String name, String text) {
    return new Source(kind, name, digest(text), text);
  }

  /** The digest of the text that is there. */
  String digest() {
    return digest(text);
  }

  private static String digest(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JDK has SHA-256", impossible);
    }
  }
}
