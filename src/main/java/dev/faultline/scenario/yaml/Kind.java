package dev.faultline.scenario.yaml;

import java.util.regex.Pattern;

/** What a node is before its meaning is known, by the core schema of YAML 1.2. */
enum Kind {
  TEXT,
  NUMBER,
  TRUTH,
  NOTHING,
  LIST,
  MAPPING;

  private static final Pattern NUMBER_FORM =
      Pattern.compile(
          "[-+]?+(?:0o[0-7]++|0x[0-9a-fA-F]++|\\.[0-9]++(?:[eE][-+]?[0-9]++)?"
              + "|[0-9]++(?:\\.[0-9]*+)?(?:[eE][-+]?[0-9]++)?|\\.(?:inf|Inf|INF)|\\.(?:nan|NaN|NAN))");

  private static final Pattern TRUTH_FORM = Pattern.compile("true|True|TRUE|false|False|FALSE");
  private static final Pattern NOTHING_FORM = Pattern.compile("|~|null|Null|NULL");

  private static final int MAX_SHOWN = 40;

  static Kind of(YamlNode node) {
    return switch (node) {
      case YamlNode.Scalar scalar -> scalar.plain() ? ofPlain(scalar.text()) : TEXT;
      case YamlNode.Sequence _ -> LIST;
      case YamlNode.Mapping _ -> MAPPING;
    };
  }

  static Kind ofPlain(String text) {
    if (NUMBER_FORM.matcher(text).matches()) {
      return NUMBER;
    }
    if (TRUTH_FORM.matcher(text).matches()) {
      return TRUTH;
    }
    return NOTHING_FORM.matcher(text).matches() ? NOTHING : TEXT;
  }

  /** What a message says was found. */
  static String found(YamlNode node) {
    return switch (node) {
      case YamlNode.Scalar scalar ->
          switch (of(node)) {
            case TEXT -> quoted(scalar.text());
            case NUMBER -> "the number " + shortened(scalar.text());
            case TRUTH -> scalar.text();
            case NOTHING, LIST, MAPPING -> "nothing";
          };
      case YamlNode.Sequence sequence -> sequence.items().isEmpty() ? "an empty list" : "a list";
      case YamlNode.Mapping mapping ->
          mapping.entries().isEmpty() ? "an empty mapping" : "a mapping";
    };
  }

  /** A text in a message: in quotes, on one line, of a length that can be read. */
  static String quoted(String text) {
    return '"' + shortened(text) + '"';
  }

  static String shortened(String text) {
    String cut = text;
    if (text.codePointCount(0, text.length()) > MAX_SHOWN) {
      cut = text.substring(0, text.offsetByCodePoints(0, MAX_SHOWN)) + "...";
    }
    var line = new StringBuilder();
    cut.codePoints().forEach(codePoint -> line.append(visible(codePoint)));
    return line.toString();
  }

  /** Escaped as YAML does: what ends a line, what turns or hides the text after it. */
  private static String visible(int codePoint) {
    return switch (codePoint) {
      case '\n' -> "\\n";
      case '\t' -> "\\t";
      case '"' -> "\\\"";
      default ->
          SourceText.isWritable(codePoint) && Character.getType(codePoint) != Character.FORMAT
              ? Character.toString(codePoint)
              : (codePoint > 0xffff ? "\\U%08x" : "\\u%04x").formatted(codePoint);
    };
  }

  /** A noun with its article. */
  static String a(String noun) {
    return ("aeiou".indexOf(noun.charAt(0)) >= 0 ? "an " : "a ") + noun;
  }
}
