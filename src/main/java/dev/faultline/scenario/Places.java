package dev.faultline.scenario;

import dev.faultline.journal.Source;
import dev.faultline.scenario.yaml.Position;
import dev.faultline.scenario.yaml.Problems;
import dev.faultline.scenario.yaml.YamlDocument;
import dev.faultline.scenario.yaml.YamlNode;
import dev.faultline.scenario.yaml.YamlSource;
import java.util.List;
import java.util.Optional;

/** Where in its file a scenario says what turned out later to be in the way. */
public final class Places {

  private final String file;
  private final Source source;

  /**
   * The places of a scenario.
   *
   * @param file as the user named it
   */
  public Places(Scenario scenario, String file) {
    this.file = file;
    this.source = scenario.sources().getFirst();
  }

  /** The value of a key of the scenario; the file as a whole, where it leaves the key out. */
  public Position ofKey(String key) {
    Optional<YamlNode> tree =
        YamlDocument.parse(new YamlSource(file, source.text()), new Problems());
    return tree.flatMap(node -> value(node, key)).map(YamlNode::at).orElse(Position.ofFile(file));
  }

  private static Optional<YamlNode> value(YamlNode node, String key) {
    return node instanceof YamlNode.Mapping mapping
        ? mapping.entry(key).map(YamlNode.Entry::value)
        : Optional.empty();
  }

  /**
   * What stands in a line of a script: its verb.
   *
   * @param line of the scenario's file, from 1
   */
  public Position ofLine(int line) {
    List<String> lines = source.text().lines().toList();
    String text = line <= lines.size() ? lines.get(line - 1) : "";
    int column = 0;
    while (column < text.length() && " -".indexOf(text.charAt(column)) >= 0) {
      column++;
    }
    return new Position(file, line, column + 1);
  }
}
