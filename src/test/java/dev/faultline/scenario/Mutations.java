package dev.faultline.scenario;

import dev.faultline.scenario.yaml.Problems;
import dev.faultline.scenario.yaml.YamlDocument;
import dev.faultline.scenario.yaml.YamlNode;
import dev.faultline.scenario.yaml.YamlSource;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * The texts that one mistake makes of a good one: at each key and each value of its tree, all that
 * a hand may do wrong there.
 */
final class Mutations {

  /** A text with a mistake. */
  record Mutated(String what, String text) {}

  /** A range as it is written: "2 MiB..4 MiB". */
  private static final Pattern RANGE = Pattern.compile("(\\S+ \\S+)\\.\\.(\\S+ \\S+)");

  /** What may stand where something else belongs. */
  private static final List<String> VALUES =
      List.of(
          "[]",
          "[1, [2]]",
          "{}",
          "{x: 1}",
          "",
          "nonsense",
          "\"\"",
          "0",
          "-1",
          "010",
          "99999999999999999999999999",
          "4097",
          "2 MiB..2 MiB",
          "0..8192 TiB",
          "\u00fcml\u00e4ut",
          "\ud83d\udc27",
          "nonsense.yaml",
          "*nonsense",
          "!!str x");

  private final String text;
  private final int[] lineStarts;
  private final List<Mutated> all = new ArrayList<>();

  private Mutations(String text) {
    this.text = text;
    this.lineStarts =
        IntStream.concat(
                IntStream.of(0),
                IntStream.range(0, text.length())
                    .filter(index -> text.charAt(index) == '\n')
                    .map(index -> index + 1))
            .toArray();
  }

  static List<Mutated> of(String text) {
    Mutations mutations = new Mutations(text);
    YamlNode tree =
        YamlDocument.parse(new YamlSource("good.yaml", text), new Problems()).orElseThrow();
    mutations.visit(tree);
    return mutations.all;
  }

  private void visit(YamlNode node) {
    switch (node) {
      case YamlNode.Scalar scalar -> visit(scalar);
      case YamlNode.Sequence sequence -> sequence.items().forEach(this::visit);
      case YamlNode.Mapping mapping ->
          mapping
              .entries()
              .forEach(
                  entry -> {
                    visitKey(entry.key());
                    visit(entry.value());
                  });
    }
  }

  private void visitKey(YamlNode.Scalar key) {
    for (String other : List.of("q" + key.text(), key.text().substring(1), "nonsense", "010")) {
      replace(key, other);
    }
    replace(key, "? [" + key.text() + "]\n");
  }

  private void visit(YamlNode.Scalar scalar) {
    if (!text.startsWith(scalar.text(), offset(scalar))) {
      return;
    }
    VALUES.forEach(value -> replace(scalar, value));
    replace(scalar, "[" + scalar.text() + "]");
    replace(scalar, "{" + scalar.text() + ": 1}");
    replace(scalar, scalar.text() + "q");
    replace(scalar, "\"" + scalar.text());
    Matcher range = RANGE.matcher(scalar.text());
    if (range.matches()) {
      replace(scalar, range.group(2) + ".." + range.group(1));
      replace(scalar, range.group(1) + "..");
      replace(scalar, range.group(1) + ".." + range.group(2) + ".." + range.group(2));
      replace(scalar, range.group(1) + "..4097");
    }
  }

  private int offset(YamlNode node) {
    int start = lineStarts[node.at().line() - 1];
    return text.offsetByCodePoints(start, node.at().column() - 1);
  }

  private void replace(YamlNode.Scalar scalar, String other) {
    int start = offset(scalar);
    String what = scalar.at() + ": " + scalar.text() + " -> " + other;
    all.add(
        new Mutated(
            what,
            text.substring(0, start) + other + text.substring(start + scalar.text().length())));
  }
}
