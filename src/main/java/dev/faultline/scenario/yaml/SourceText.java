package dev.faultline.scenario.yaml;

import java.util.OptionalInt;

/** Checks that what is given as YAML is text of a sensible size before anything parses it. */
final class SourceText {

  /**
   * The longest text that is read: what can be looked through in much less than a second. Scenarios
   * are shorter by two orders of magnitude, and one of 20,000 steps fits in.
   */
  static final int MAX_LENGTH = 1 << 18;

  private static final String TOO_LONG = "the file is larger than 256 KiB; split it or cut it down";

  private SourceText() {}

  /** Whether a parser may see this text; if not, the problems say why. */
  static boolean isReadable(YamlSource source, Problems problems) {
    String text = source.text();
    if (text.length() > MAX_LENGTH) {
      tooLong(source.name(), text.substring(0, MAX_LENGTH), problems);
      return false;
    }
    if (text.isBlank()) {
      problems.add(new Position(source.name(), 1, 1), "the file is empty");
      return false;
    }
    return hasNoControlCharacters(source, problems) & hasNoTabs(source, problems);
  }

  /** Says that a text goes on after the part that may be read. */
  static void tooLong(String name, String start, Problems problems) {
    problems.add(endOf(name, start), TOO_LONG);
  }

  private static boolean hasNoControlCharacters(YamlSource source, Problems problems) {
    String text = source.text();
    OptionalInt first = firstUnreadable(text);
    if (first.isEmpty()) {
      return true;
    }
    int index = first.getAsInt();
    String found = "U+%04X".formatted(text.codePointAt(index));
    problems.add(
        endOf(source.name(), text.substring(0, index)),
        "not a text file: character " + found + " cannot stand in YAML; remove it");
    return false;
  }

  private static OptionalInt firstUnreadable(String text) {
    int index = 0;
    while (index < text.length()) {
      if (isPlain(text.charAt(index))) {
        index++;
        continue;
      }
      int codePoint = text.codePointAt(index);
      boolean lineEnd = codePoint == '\r' && text.startsWith("\n", index + 1);
      if (codePoint != '\t' && !lineEnd && !isWritable(codePoint)) {
        return OptionalInt.of(index);
      }
      index += Character.charCount(codePoint);
    }
    return OptionalInt.empty();
  }

  /** Letters, digits and signs of ASCII: nearly all of a file, and quick to tell. */
  private static boolean isPlain(char character) {
    return character >= ' ' && character <= '~';
  }

  /**
   * Whether a character may stand in a file and in what is read from it. Other line ends than \n
   * and half surrogates are out: they would move positions, or not survive being written to a
   * journal.
   */
  static boolean isWritable(int codePoint) {
    if (codePoint == '\n') {
      return true;
    }
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> (codePoint & 0xfffe) != 0xfffe && codePoint != '\ufeff';
    };
  }

  private static boolean hasNoTabs(YamlSource source, Problems problems) {
    int line = 1;
    boolean clean = true;
    for (String text : source.text().split("\n", -1)) {
      int tab = text.indexOf('\t');
      if (tab >= 0) {
        int column = text.codePointCount(0, tab) + 1;
        problems.add(new Position(source.name(), line, column), "a tab; use spaces");
        clean = false;
      }
      line++;
    }
    return clean;
  }

  /** The place right after a text. */
  static Position endOf(String name, String text) {
    int lineStart = text.lastIndexOf('\n') + 1;
    int line = 1 + (int) text.chars().filter(character -> character == '\n').count();
    return new Position(name, line, text.codePointCount(lineStart, text.length()) + 1);
  }
}
