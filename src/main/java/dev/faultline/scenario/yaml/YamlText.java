package dev.faultline.scenario.yaml;

import java.util.ArrayList;
import java.util.List;

/** Writes a tree as YAML, as scenarios are written: blocks outside, brackets within a line. */
public final class YamlText {

  /** A value that is longer in brackets is written as a block. */
  private static final int LINE_WIDTH = 72;

  private final StringBuilder text = new StringBuilder();

  private YamlText() {}

  /** The text; reading it gives the same tree, but for the places. */
  public static String of(YamlNode root) {
    YamlText text = new YamlText();
    if (root instanceof YamlNode.Mapping mapping) {
      boolean apart = false;
      for (YamlNode.Entry entry : mapping.entries()) {
        boolean isBlock =
            isBlock(entry.value(), entry.key().text().length() + 2)
                || entry.value() instanceof YamlNode.Scalar scalar && isLiteral(scalar);
        if ((isBlock || apart) && !text.text.isEmpty()) {
          text.text.append('\n');
        }
        text.entry(entry, "", true);
        apart = isBlock;
      }
    } else {
      text.text.append(inline(root)).append('\n');
    }
    return text.text.toString();
  }

  /** Whether a value takes lines of its own. */
  private static boolean isBlock(YamlNode value, int column) {
    return switch (value) {
      case YamlNode.Scalar _ -> false;
      case YamlNode.Sequence sequence ->
          sequence.items().stream().anyMatch(item -> !(item instanceof YamlNode.Scalar))
              || isLong(value, column);
      case YamlNode.Mapping mapping ->
          mapping.entries().stream()
                  .anyMatch(entry -> isBlock(entry.value(), 0) || isCollection(entry.value()))
              || isLong(value, column);
    };
  }

  /** Lists in brackets may stand within brackets; mappings are easier to read by themselves. */
  private static boolean isCollection(YamlNode value) {
    return value instanceof YamlNode.Mapping mapping
        && mapping.entries().stream()
            .noneMatch(entry -> entry.value() instanceof YamlNode.Sequence);
  }

  private static boolean isLong(YamlNode value, int column) {
    boolean isEmpty =
        switch (value) {
          case YamlNode.Scalar _ -> true;
          case YamlNode.Sequence sequence -> sequence.items().isEmpty();
          case YamlNode.Mapping mapping -> mapping.entries().isEmpty();
        };
    return !isEmpty && column + inline(value).length() > LINE_WIDTH;
  }

  private void entry(YamlNode.Entry entry, String indent, boolean outside) {
    String key = scalar(entry.key(), false) + ":";
    text.append(key);
    YamlNode value = entry.value();
    if (value instanceof YamlNode.Scalar scalar && outside && isLiteral(scalar)) {
      text.append(scalar.text().endsWith("\n") ? " |\n" : " |-\n");
      for (String line : scalar.text().stripTrailing().split("\n", -1)) {
        text.append(line.isEmpty() ? "" : indent + "  " + line).append('\n');
      }
    } else if (!isBlock(value, indent.length() + key.length() + 1)) {
      String written =
          value instanceof YamlNode.Scalar scalar ? scalar(scalar, false) : inline(value);
      text.append(written.isEmpty() ? "" : " " + written).append('\n');
    } else {
      text.append('\n');
      block(value, indent + "  ");
    }
  }

  private void block(YamlNode node, String indent) {
    switch (node) {
      case YamlNode.Scalar scalar -> text.append(indent).append(scalar(scalar, false)).append('\n');
      case YamlNode.Sequence sequence -> {
        for (YamlNode item : sequence.items()) {
          text.append(indent).append("- ");
          if (item instanceof YamlNode.Mapping mapping && !mapping.entries().isEmpty()) {
            entries(mapping, indent + "  ");
          } else if (item instanceof YamlNode.Scalar scalar) {
            text.append(scalar(scalar, false)).append('\n');
          } else {
            text.append(inline(item)).append('\n');
          }
        }
      }
      case YamlNode.Mapping mapping -> {
        text.append(indent);
        entries(mapping, indent);
      }
    }
  }

  /** Entries, the first of which goes on in a line that has begun. */
  private void entries(YamlNode.Mapping mapping, String indent) {
    boolean first = true;
    for (YamlNode.Entry entry : mapping.entries()) {
      text.append(first ? "" : indent);
      entry(entry, indent, false);
      first = false;
    }
  }

  private static String inline(YamlNode node) {
    return switch (node) {
      case YamlNode.Scalar scalar -> scalar(scalar, true);
      case YamlNode.Sequence sequence ->
          "[" + String.join(", ", sequence.items().stream().map(YamlText::inline).toList()) + "]";
      case YamlNode.Mapping mapping -> {
        List<String> entries = new ArrayList<>();
        for (YamlNode.Entry entry : mapping.entries()) {
          entries.add(inline(entry.key()) + ": " + inline(entry.value()));
        }
        yield "{" + String.join(", ", entries) + "}";
      }
    };
  }

  /** Whether a text can stand as lines behind a |. */
  private static boolean isLiteral(YamlNode.Scalar scalar) {
    String lines = scalar.text();
    return !scalar.plain()
        && lines.contains("\n")
        && !lines.isBlank()
        && !Character.isWhitespace(lines.charAt(0))
        && lines.stripTrailing().length() + (lines.endsWith("\n") ? 1 : 0) == lines.length()
        && lines.lines().allMatch(line -> line.equals(line.stripTrailing()))
        && lines.codePoints().allMatch(SourceText::isWritable);
  }

  /**
   * A text as it can stand in a line.
   *
   * @param within whether it stands in brackets, where more signs mean something
   */
  private static String scalar(YamlNode.Scalar scalar, boolean within) {
    boolean meansMore =
        within && scalar.text().chars().anyMatch(sign -> ",[]{}".indexOf(sign) >= 0);
    if (scalar.plain() && !meansMore && !scalar.text().contains("\n")) {
      return scalar.text().isEmpty() && within ? "null" : scalar.text();
    }
    StringBuilder quoted = new StringBuilder("\"");
    for (char sign : scalar.text().toCharArray()) {
      switch (sign) {
        case '"' -> quoted.append("\\\"");
        case '\\' -> quoted.append("\\\\");
        case '\n' -> quoted.append("\\n");
        case '\t' -> quoted.append("\\t");
        default -> quoted.append(sign);
      }
    }
    return quoted.append('"').toString();
  }
}
