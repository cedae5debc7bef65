package dev.faultline.view;

import java.util.ArrayList;
import java.util.List;

/** Plain text as mails carry it: ASCII, lines of at most {@link #WIDTH} columns. */
final class Text {

  /** Columns of a line. */
  static final int WIDTH = 72;

  private Text() {}

  /** Words in lines of at most so many columns, at least 1; a longer word is cut. */
  static List<String> lines(String text, int columns) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : text.split(" ")) {
      if (!line.isEmpty() && line.length() + 1 + word.length() > columns) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
      while (line.length() > columns) {
        lines.add(line.substring(0, columns));
        line.delete(0, columns);
      }
    }
    lines.add(line.toString());
    return lines;
  }

  /** A paragraph: what leads stands before its first line, and the others are indented as far. */
  static String paragraph(String lead, String text) {
    List<String> lines = lines(text, WIDTH - lead.length());
    String indent = " ".repeat(lead.length());
    StringBuilder paragraph = new StringBuilder();
    for (String line : lines) {
      paragraph.append(paragraph.isEmpty() ? lead : indent).append(line).append('\n');
    }
    return paragraph.toString();
  }

  /** "a", "a and b", "a, b and c". */
  static String list(List<String> words) {
    return words.size() < 2
        ? String.join("", words)
        : String.join(", ", words.subList(0, words.size() - 1)) + " and " + words.getLast();
  }

  /** Left-aligned in so many columns. */
  static String pad(String text, int columns) {
    return text + " ".repeat(Math.max(0, columns - text.length()));
  }
}
