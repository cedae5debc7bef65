package dev.faultline.scenario;

import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.Page;
import dev.faultline.scenario.yaml.ByteSize;
import dev.faultline.scenario.yaml.Problems;
import dev.faultline.scenario.yaml.YamlNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Makes the memory of a scenario's file smaller. The ends of all ranges that it names divide memory
 * into stretches; a stretch is made shorter everywhere at once, so that ranges that overlapped or
 * touched still do.
 */
final class PageCuts {

  /** What is named by these keys are pages. */
  private static final Set<String> RANGES =
      Set.of(
          "shared",
          "at",
          "load",
          "dma-load",
          "convert-to-private",
          "convert-to-shared",
          "accept",
          "set-private",
          "set-shared",
          "query-mappable",
          "punch-hole",
          "allocate",
          "unmap",
          "dma-map",
          "dma-unmap",
          "pin",
          "unpin");

  /** Where memory ends. */
  private static final String SIZE = "size";

  /** The keys of this mapping are ranges. */
  private static final String VIEWS = "finally";

  /** What stands below these keys of the file names pages. */
  private static final Set<String> PLACES = Set.of("memory", "script", "expect");

  /** An entry of these that has lost its pages goes alone; others go with all around them. */
  private static final Set<String> LOSING = Set.of("", "memory", "script", VIEWS);

  private final YamlNode root;
  private final TreeSet<Long> ends = new TreeSet<>();

  private PageCuts(YamlNode root) {
    this.root = root;
    ends.add(0L);
    replaced(
        root,
        "",
        range -> {
          ends.add(range.start());
          ends.add(range.end());
          return Optional.of(range);
        });
  }

  /** Takes a range, and gives the one in its place; none if it has no pages left. */
  private interface Change {
    Optional<GfnRange> of(GfnRange range);
  }

  /** All files with less memory, the smallest first. */
  static List<YamlNode> of(YamlNode root) {
    return new PageCuts(root).cuts();
  }

  private List<YamlNode> cuts() {
    List<Long> starts = List.copyOf(ends);
    List<Long> lengths = new ArrayList<>();
    for (int stretch = 0; stretch + 1 < starts.size(); stretch++) {
      lengths.add(starts.get(stretch + 1) - starts.get(stretch));
    }
    List<YamlNode> cuts = new ArrayList<>();
    add(cuts, starts, lengths.stream().map(_ -> 1L).toList());
    for (int stretch = 0; stretch < lengths.size(); stretch++) {
      for (long length : new TreeSet<>(List.of(0L, 1L, lengths.get(stretch) / 2))) {
        List<Long> shorter = new ArrayList<>(lengths);
        shorter.set(stretch, length);
        add(cuts, starts, shorter);
      }
    }
    return cuts;
  }

  private void add(List<YamlNode> cuts, List<Long> starts, List<Long> lengths) {
    List<Long> moved = new ArrayList<>(List.of(0L));
    lengths.forEach(length -> moved.add(moved.getLast() + length));
    if (moved.equals(starts)) {
      return;
    }
    replaced(
            root,
            "",
            range -> {
              long start = moved.get(starts.indexOf(range.start()));
              long end = moved.get(starts.indexOf(range.end()));
              return start < end ? Optional.of(new GfnRange(start, end)) : Optional.empty();
            })
        .ifPresent(cuts::add);
  }

  /** A node with other ranges; nothing is left of it if it has lost its pages. */
  private static Optional<YamlNode> replaced(YamlNode node, String key, Change change) {
    return switch (node) {
      case YamlNode.Scalar scalar -> scalar(scalar, key, change);
      case YamlNode.Sequence(var at, List<YamlNode> items) -> {
        List<YamlNode> left =
            items.stream().flatMap(item -> replaced(item, key, change).stream()).toList();
        yield left.isEmpty() && !items.isEmpty()
            ? Optional.empty()
            : Optional.of(new YamlNode.Sequence(at, left));
      }
      case YamlNode.Mapping(var at, List<YamlNode.Entry> entries) -> {
        List<YamlNode.Entry> left = new ArrayList<>();
        for (YamlNode.Entry entry : entries) {
          Optional<YamlNode.Entry> other = entry(entry, key, change);
          if (other.isEmpty() && !LOSING.contains(key)) {
            yield Optional.empty();
          }
          other.ifPresent(left::add);
        }
        yield left.isEmpty() && !entries.isEmpty()
            ? Optional.empty()
            : Optional.of(new YamlNode.Mapping(at, left));
      }
    };
  }

  private static Optional<YamlNode.Entry> entry(YamlNode.Entry entry, String key, Change change) {
    if (key.isEmpty() && !PLACES.contains(entry.key().text())) {
      return Optional.of(entry);
    }
    if (key.equals(VIEWS)) {
      return scalar(entry.key(), "at", change)
          .map(range -> new YamlNode.Entry((YamlNode.Scalar) range, entry.value()));
    }
    return replaced(entry.value(), entry.key().text(), change)
        .map(value -> new YamlNode.Entry(entry.key(), value));
  }

  private static Optional<YamlNode> scalar(YamlNode.Scalar scalar, String key, Change change) {
    boolean isSize = key.equals(SIZE);
    if (!isSize && !RANGES.contains(key)) {
      return Optional.of(scalar);
    }
    Optional<GfnRange> range =
        CommonYaml.RANGE.decode(isSize ? ofSize(scalar) : scalar, new Problems());
    return range.isEmpty()
        ? Optional.of(scalar)
        : change
            .of(range.get())
            .map(
                other ->
                    new YamlNode.Scalar(
                        scalar.at(), isSize ? bytes(other.end()) : text(other), true));
  }

  /** All of memory. */
  private static YamlNode ofSize(YamlNode.Scalar size) {
    return new YamlNode.Scalar(size.at(), "0.." + size.text(), true);
  }

  private static String text(GfnRange range) {
    return range.pageCount() == 1
        ? bytes(range.start())
        : bytes(range.start()) + ".." + bytes(range.end());
  }

  private static String bytes(long pageCount) {
    return ByteSize.text(pageCount * Page.BYTES);
  }
}
