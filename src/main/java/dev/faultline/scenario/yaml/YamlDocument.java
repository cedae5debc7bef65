package dev.faultline.scenario.yaml;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Makes a tree of a YAML text, with the place of each node. Refuses what these files do not use and
 * what other readers take in silence: equal keys, anchors and aliases, tags, a second document,
 * depth.
 */
public final class YamlDocument {

  /** Deeper than any file of ours by far. */
  private static final int MAX_DEPTH = 20;

  private final YamlSource source;
  private final Problems problems;
  private final Deque<Building> open = new ArrayDeque<>();
  private Optional<YamlNode> root = Optional.empty();

  private YamlDocument(YamlSource source, Problems problems) {
    this.source = source;
    this.problems = problems;
  }

  /** The tree of a text; empty, with a problem, if it is no YAML that we read. */
  public static Optional<YamlNode> parse(YamlSource source, Problems problems) {
    if (!SourceText.isReadable(source, problems)) {
      return Optional.empty();
    }
    int before = problems.count();
    Optional<YamlNode> tree = new YamlDocument(source, problems).parse();
    return problems.count() == before ? tree : Optional.empty();
  }

  /** A collection that is not closed yet. */
  private static final class Building {
    final Position at;
    final boolean mapping;
    final List<YamlNode> items = new ArrayList<>();

    Building(Position at, boolean mapping) {
      this.at = at;
      this.mapping = mapping;
    }
  }

  private Optional<YamlNode> parse() {
    LoadSettings settings = LoadSettings.builder().setLabel(source.name()).build();
    try {
      for (Event event : new Parse(settings).parseString(source.text())) {
        if (!take(event)) {
          return Optional.empty();
        }
      }
    } catch (MarkedYamlEngineException failure) {
      Position at = failure.getProblemMark().map(this::position).orElse(whole());
      problems.add(at, sentence(failure));
      return Optional.empty();
    } catch (YamlEngineException failure) {
      problems.add(whole(), "is no YAML: " + Kind.shortened(String.valueOf(failure.getMessage())));
      return Optional.empty();
    }
    if (root.isEmpty() && problems.isEmpty()) {
      problems.add(whole(), "the file is empty");
    }
    return root;
  }

  private Position whole() {
    return new Position(source.name(), 1, 1);
  }

  private Position position(Mark mark) {
    return new Position(source.name(), mark.getLine() + 1, mark.getColumn() + 1);
  }

  private Position position(Event event) {
    return event.getStartMark().map(this::position).orElse(whole());
  }

  private static String sentence(MarkedYamlEngineException failure) {
    String problem = String.valueOf(failure.getProblem());
    String context = String.valueOf(failure.getContext());
    boolean hasContext = failure.getContext() != null && !context.isEmpty();
    String text = hasContext ? problem + ", " + context : problem;
    return "is no YAML: " + text.replaceAll("\\s+", " ");
  }

  /** Takes an event; false where reading on makes no sense. */
  private boolean take(Event event) {
    return switch (event.getEventId()) {
      case StreamStart, StreamEnd, DocumentEnd, Comment -> true;
      case DocumentStart -> {
        if (root.isPresent()) {
          problems.add(position(event), "a second document; one file holds one");
          yield false;
        }
        yield true;
      }
      case Alias -> {
        problems.add(position(event), "an alias; anchors and aliases are not used here");
        yield false;
      }
      case Scalar -> {
        ScalarEvent scalar = (ScalarEvent) event;
        boolean fine = plainNode(scalar, scalar.getTag());
        add(
            new YamlNode.Scalar(
                position(event), scalar.getValue(), scalar.getScalarStyle() == ScalarStyle.PLAIN));
        yield fine;
      }
      case SequenceStart -> {
        SequenceStartEvent start = (SequenceStartEvent) event;
        yield plainNode(start, start.getTag()) && begin(event, false);
      }
      case MappingStart -> {
        MappingStartEvent start = (MappingStartEvent) event;
        yield plainNode(start, start.getTag()) && begin(event, true);
      }
      case SequenceEnd -> {
        Building done = open.pop();
        add(new YamlNode.Sequence(done.at, done.items));
        yield true;
      }
      case MappingEnd -> {
        Building done = open.pop();
        Optional<YamlNode> mapping = mapping(done);
        mapping.ifPresent(this::add);
        yield mapping.isPresent();
      }
    };
  }

  private boolean plainNode(NodeEvent event, Optional<String> tag) {
    if (event.getAnchor().isPresent()) {
      problems.add(position(event), "an anchor; anchors and aliases are not used here");
      return false;
    }
    if (tag.isPresent()) {
      problems.add(position(event), "tag " + Kind.quoted(tag.get()) + "; tags are not used here");
      return false;
    }
    return true;
  }

  private boolean begin(Event event, boolean mapping) {
    if (open.size() >= MAX_DEPTH) {
      problems.add(position(event), "nested deeper than " + MAX_DEPTH + " levels");
      return false;
    }
    open.push(new Building(position(event), mapping));
    return true;
  }

  private void add(YamlNode node) {
    if (open.isEmpty()) {
      root = Optional.of(node);
    } else {
      open.peek().items.add(node);
    }
  }

  /** Pairs keys with values; a key that is no text, or there twice, is a mistake. */
  private Optional<YamlNode> mapping(Building done) {
    Map<String, YamlNode.Entry> entries = new LinkedHashMap<>();
    for (int index = 0; index + 1 < done.items.size(); index += 2) {
      YamlNode key = done.items.get(index);
      if (!(key instanceof YamlNode.Scalar scalar)) {
        problems.add(key.at(), "expected a word as key, found " + Kind.found(key));
        return Optional.empty();
      }
      YamlNode.Entry before = entries.get(scalar.text());
      if (before != null) {
        problems.add(
            scalar.at(),
            "key "
                + Kind.quoted(scalar.text())
                + " is there already, in line "
                + before.key().at().line());
        return Optional.empty();
      }
      entries.put(scalar.text(), new YamlNode.Entry(scalar, done.items.get(index + 1)));
    }
    return Optional.of(new YamlNode.Mapping(done.at, List.copyOf(entries.values())));
  }
}
