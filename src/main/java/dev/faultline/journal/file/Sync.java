package dev.faultline.journal.file;

import java.util.Optional;

/**
 * When what was written is forced to the disk. A killed process loses nothing under any of them.
 */
public sealed interface Sync {

  /** After every entry: a power cut loses nothing. */
  record Each() implements Sync {}

  /**
   * At most this long after it was written, and at the end.
   *
   * @param ms milliseconds, at least 1
   */
  record Every(long ms) implements Sync {
    public Every {
      if (ms < 1) {
        throw new IllegalArgumentException("sync every " + ms + " ms");
      }
    }
  }

  /** Never: the operating system does it some time. */
  record Never() implements Sync {}

  /** "each", "never", or a number of milliseconds: "100ms". */
  static Optional<Sync> parse(String text) {
    if (text.equals("each")) {
      return Optional.of(new Each());
    }
    if (text.equals("never")) {
      return Optional.of(new Never());
    }
    return text.matches("[1-9][0-9]{0,6} ?ms")
        ? Optional.of(new Every(Long.parseLong(text.replaceAll(" ?ms", ""))))
        : Optional.empty();
  }
}
