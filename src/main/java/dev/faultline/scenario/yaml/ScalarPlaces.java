package dev.faultline.scenario.yaml;

/**
 * Where the characters of a scalar stand in the file: for a text with a grammar of its own, whose
 * mistakes are inside of it.
 */
public final class ScalarPlaces {

  private final YamlSource source;
  private final Position start;

  /**
   * The places of a scalar.
   *
   * @param start where it begins, with its quote if it has one
   */
  public ScalarPlaces(YamlSource source, Position start) {
    this.source = source;
    this.start = start;
  }

  /**
   * The place of a character.
   *
   * @param text what was read of the scalar; line ends and indentation in it may be folded
   * @param offset of the character, from 0; what lies behind the end is right behind it
   */
  public Position of(String text, int offset) {
    String raw = source.text();
    int at = behindHeader(raw, startIndex(raw));
    int last = at;
    for (int index = 0; index < Math.min(offset + 1, text.length()); index++) {
      char wanted = text.charAt(index);
      if (Character.isWhitespace(wanted)) {
        continue;
      }
      while (at < raw.length() && Character.isWhitespace(raw.charAt(at))) {
        at++;
      }
      if (at >= raw.length() || raw.charAt(at) != wanted) {
        // An escape: what it says is told of the scalar as a whole.
        return start;
      }
      last = at++;
    }
    int end = offset < text.length() ? last : at;
    return SourceText.endOf(source.name(), raw.substring(0, end));
  }

  private int startIndex(String raw) {
    int index = 0;
    for (int line = 1; line < start.line(); line++) {
      index = raw.indexOf('\n', index) + 1;
    }
    return raw.offsetByCodePoints(index, start.column() - 1);
  }

  /** Behind an opening quote, or behind the line that opens a block. */
  private static int behindHeader(String raw, int at) {
    return switch (raw.charAt(at)) {
      case '"', '\'' -> at + 1;
      case '|', '>' -> Math.max(at, raw.indexOf('\n', at));
      default -> at;
    };
  }
}
