package dev.faultline.scenario.yaml;

import java.util.List;
import java.util.Optional;

/**
 * A piece of a YAML file before anything is known about its meaning.
 *
 * <p>Keys are scalars and differ within a mapping; there are no anchors, aliases and tags. The
 * codecs read it through a {@link Shape}; one that builds a file on another may put trees together
 * first.
 */
public sealed interface YamlNode {

  /** Where it starts. */
  Position at();

  /**
   * A text, number, truth value or nothing.
   *
   * @param text what stands there, without quotes
   * @param plain whether it stands there without quotes; only then it can be more than text
   */
  record Scalar(Position at, String text, boolean plain) implements YamlNode {}

  /** A list, in its order. */
  record Sequence(Position at, List<YamlNode> items) implements YamlNode {
    public Sequence {
      items = List.copyOf(items);
    }
  }

  /** Keys with their values, in their order. */
  record Mapping(Position at, List<Entry> entries) implements YamlNode {
    public Mapping {
      entries = List.copyOf(entries);
    }

    /** The entry with this key. */
    public Optional<Entry> entry(String key) {
      return entries.stream().filter(entry -> entry.key().text().equals(key)).findFirst();
    }
  }

  /** A key of a mapping and its value. */
  record Entry(Scalar key, YamlNode value) {}
}
