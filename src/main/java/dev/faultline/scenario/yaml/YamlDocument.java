package dev.faultline.scenario.yaml;

import java.util.Optional;

/** Makes a tree of a YAML text, with the place of each node. */
public final class YamlDocument {

  private YamlDocument() {}

  /**
   * The tree of a text. Empty, with a problem, if it is not text, too large, not YAML, or too deep.
   * What other readers take in silence, each in its own way (equal keys, anchors, tags, directives,
   * a second document), is a problem too; the tree may be there nevertheless, so that the mistakes
   * in it are seen at once.
   */
  public static Optional<YamlNode> parse(YamlSource source, Problems problems) {
    if (!SourceText.isReadable(source, problems)) {
      return Optional.empty();
    }
    return new Composer(source, problems).compose();
  }
}
