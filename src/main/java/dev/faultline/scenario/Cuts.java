package dev.faultline.scenario;

import dev.faultline.scenario.yaml.YamlNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Leaves something out of a scenario's file: some items of a list, or an entry of a mapping, at any
 * depth (hierarchical delta debugging: Misherghi and Su, ICSE 2006). What then names something that
 * is not there any more goes too.
 */
final class Cuts {

  /** What a scenario is about: with other designs it is another one. */
  private static final Set<String> KEPT =
      Set.of("story", "mode", "revision", "vmm", "guest", "memory", "script");

  /** Designs that are written down in the file. */
  private static final Set<String> DESIGNS = Set.of("story", "mode", "revision", "vmm", "guest");

  private Cuts() {}

  /** All files with something left out; a reader may refuse some of them. */
  static List<YamlNode.Mapping> of(YamlNode.Mapping root) {
    List<YamlNode.Mapping> cuts = new ArrayList<>();
    for (int index = 0; index < root.entries().size(); index++) {
      YamlNode.Entry entry = root.entries().get(index);
      if (!KEPT.contains(entry.key().text())) {
        cuts.add(without(root, index));
      }
      if (!DESIGNS.contains(entry.key().text())) {
        for (YamlNode cut : cuts(entry.value())) {
          cuts.add(with(root, index, cut));
        }
      }
    }
    return cuts.stream().map(Loose::mended).distinct().toList();
  }

  private static List<YamlNode> cuts(YamlNode node) {
    List<YamlNode> cuts = new ArrayList<>();
    switch (node) {
      case YamlNode.Scalar _ -> {}
      case YamlNode.Sequence sequence -> {
        List<YamlNode> items = sequence.items();
        for (int size = items.size() / 2; size > 0; size /= 2) {
          for (int from = 0; from < items.size(); from += size) {
            List<YamlNode> left = new ArrayList<>(items);
            left.subList(from, Math.min(items.size(), from + size)).clear();
            cuts.add(new YamlNode.Sequence(sequence.at(), left));
          }
        }
        if (items.size() == 1) {
          cuts.add(items.getFirst()); // one thing need not be a list
        }
        for (int index = 0; index < items.size(); index++) {
          for (YamlNode cut : cuts(items.get(index))) {
            List<YamlNode> changed = new ArrayList<>(items);
            changed.set(index, cut);
            cuts.add(new YamlNode.Sequence(sequence.at(), changed));
          }
        }
      }
      case YamlNode.Mapping mapping -> {
        for (int index = 0; index < mapping.entries().size(); index++) {
          cuts.add(without(mapping, index));
          for (YamlNode cut : cuts(mapping.entries().get(index).value())) {
            cuts.add(with(mapping, index, cut));
          }
        }
      }
    }
    return cuts;
  }

  private static YamlNode.Mapping without(YamlNode.Mapping mapping, int index) {
    List<YamlNode.Entry> left = new ArrayList<>(mapping.entries());
    left.remove(index);
    return new YamlNode.Mapping(mapping.at(), left);
  }

  private static YamlNode.Mapping with(YamlNode.Mapping mapping, int index, YamlNode value) {
    List<YamlNode.Entry> changed = new ArrayList<>(mapping.entries());
    changed.set(index, new YamlNode.Entry(changed.get(index).key(), value));
    return new YamlNode.Mapping(mapping.at(), changed);
  }
}
