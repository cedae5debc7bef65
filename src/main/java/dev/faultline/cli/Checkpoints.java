package dev.faultline.cli;

import dev.faultline.explore.Checkpoint;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;

/** The checkpoint that a command line names. */
final class Checkpoints {

  /** A search that is killed loses at most about so much. */
  private static final Duration EVERY = Duration.ofSeconds(10);

  private Checkpoints() {}

  /**
   * A checkpoint of a search.
   *
   * @param title what is searched, as the command line says it
   * @param dependsOn all that makes it this search and no other, as values that say what they are
   */
  static Checkpoint of(Path file, String title, List<?> dependsOn) {
    return new Checkpoint(file, title, digest(dependsOn), EVERY);
  }

  private static String digest(List<?> dependsOn) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (Object each : dependsOn) {
        byte[] text = each.toString().getBytes(StandardCharsets.UTF_8);
        digest.update((text.length + " ").getBytes(StandardCharsets.UTF_8));
        digest.update(text);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JDK has SHA-256", impossible);
    }
  }
}
