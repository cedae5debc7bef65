package dev.faultline.scenario.yaml;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlVersionException;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/**
 * Builds the tree of one document from the parser's events.
 *
 * <p>The parser's own composer is not used: it keeps what we refuse (aliases, tags), recurses as
 * deep as the input says, and its nodes would tie every codec to the library.
 */
final class Composer {

  private static final int MAX_DEPTH = 20;

  private final String file;
  private final String source;
  private final Problems problems;
  private final StreamReader text;
  private final ParserImpl events;

  Composer(YamlSource source, Problems problems) {
    this.file = source.name();
    this.source = source.text();
    this.problems = problems;
    // One buffer for all of it: the reader fails where a buffer ends within a character of two
    // chars, and copies what it has for each further buffer that a long token needs.
    LoadSettings settings =
        LoadSettings.builder().setLabel(file).setBufferSize(source.text().length() + 1).build();
    this.text = new StreamReader(settings, source.text());
    this.events = new ParserImpl(settings, text);
  }

  Optional<YamlNode> compose() {
    try {
      return document();
    } catch (Refused refused) {
      problems.add(refused.at, refused.text);
    } catch (YamlVersionException _) {
      // It has no mark, and the scanner has read on.
      problems.add(directive(), SyntaxError.REMOVE_DIRECTIVE);
    } catch (YamlEngineException | IllegalArgumentException failure) {
      // The scanner lets an IllegalArgumentException out for some escapes, such as "\UFFFFFFFF".
      SyntaxError error = SyntaxError.of(failure, file, at(text.getMark()));
      problems.add(error.at(), error.text());
    }
    return Optional.empty();
  }

  private Optional<YamlNode> document() {
    next(); // the start of the stream
    if (!(next() instanceof DocumentStartEvent start)) {
      throw new Refused(top(), "the file is empty");
    }
    if (start.getSpecVersion().isPresent() || !start.getTags().isEmpty()) {
      problems.add(at(start), SyntaxError.REMOVE_DIRECTIVE);
    }
    Optional<YamlNode> root = node(next(), 1);
    if (root.filter(node -> Kind.of(node) == Kind.NOTHING).isPresent()) {
      throw new Refused(top(), "the file is empty");
    }
    next(); // the end of the document
    if (next() instanceof DocumentStartEvent second) {
      problems.add(at(second), "a second document; a file holds one");
    }
    return root;
  }

  private Optional<YamlNode> node(Event event, int depth) {
    Position at = at(event);
    if (event instanceof AliasEvent alias) {
      String name = Kind.quoted("*" + alias.getAlias().getValue());
      throw new Refused(at, SyntaxError.NO_ANCHORS + ": " + name + "; write it out");
    }
    if (event instanceof NodeEvent node) {
      node.getAnchor()
          .ifPresent(
              anchor -> {
                String name = Kind.quoted("&" + anchor.getValue());
                problems.add(at, SyntaxError.NO_ANCHORS + ": " + name + "; remove it");
              });
    }
    return switch (event) {
      case ScalarEvent scalar -> scalar(scalar, at);
      case CollectionStartEvent start -> Optional.of(collection(start, depth));
      default -> throw new IllegalStateException("no node starts with " + event);
    };
  }

  private Optional<YamlNode> scalar(ScalarEvent event, Position at) {
    event.getTag().ifPresent(tag -> refuseTag(tag, at));
    String text = event.getValue();
    var unwritable =
        text.codePoints()
            .filter(point -> point != '\t' && !SourceText.isWritable(point))
            .findFirst();
    if (unwritable.isPresent()) {
      String found = "U+%04X".formatted(unwritable.getAsInt());
      problems.add(at, "character " + found + " cannot stand in a text; remove its escape");
    }
    boolean plain = event.getScalarStyle() == ScalarStyle.PLAIN;
    return Optional.of(new YamlNode.Scalar(at, text, plain));
  }

  private YamlNode collection(CollectionStartEvent start, int depth) {
    Position at = at(start);
    if (depth > MAX_DEPTH) {
      throw new Refused(at, "nested deeper than " + MAX_DEPTH + " levels; make it flatter");
    }
    start.getTag().ifPresent(tag -> refuseTag(tag, at));
    return start.getEventId() == Event.ID.SequenceStart ? sequence(at, depth) : mapping(at, depth);
  }

  private YamlNode sequence(Position at, int depth) {
    var items = new ArrayList<YamlNode>();
    for (Event event = next(); event.getEventId() != Event.ID.SequenceEnd; event = next()) {
      node(event, depth + 1).ifPresent(items::add);
    }
    return new YamlNode.Sequence(at, items);
  }

  private YamlNode mapping(Position at, int depth) {
    var entries = new ArrayList<YamlNode.Entry>();
    Map<String, Position> seen = new LinkedHashMap<>();
    for (Event event = next(); event.getEventId() != Event.ID.MappingEnd; event = next()) {
      Optional<YamlNode> key = node(event, depth + 1);
      Optional<YamlNode> value = node(next(), depth + 1);
      if (key.isPresent() && value.isPresent() && isNewKey(key.get(), seen)) {
        entries.add(new YamlNode.Entry((YamlNode.Scalar) key.get(), value.get()));
      }
    }
    return new YamlNode.Mapping(at, List.copyOf(entries));
  }

  private boolean isNewKey(YamlNode key, Map<String, Position> seen) {
    if (!(key instanceof YamlNode.Scalar scalar) || Kind.of(key) == Kind.NOTHING) {
      problems.add(key.at(), "expected a word as key, found " + Kind.found(key));
      return false;
    }
    Position first = seen.putIfAbsent(scalar.text(), scalar.at());
    if (first == null) {
      return true;
    }
    String text =
        "key "
            + Kind.quoted(scalar.text())
            + " is already on line "
            + first.line()
            + "; remove one";
    if (problems.isFull()) {
      throw new Refused(key.at(), text);
    }
    problems.add(key.at(), text);
    return false;
  }

  private void refuseTag(String tag, Position at) {
    problems.add(at, SyntaxError.NO_TAGS + ": " + Kind.quoted(tag) + "; remove it");
  }

  private Event next() {
    return events.next();
  }

  private Position at(Event event) {
    return at(event.getStartMark());
  }

  private Position at(Optional<Mark> mark) {
    return mark.map(it -> position(file, it)).orElse(top());
  }

  /** Where a file as a whole is wrong. */
  private Position top() {
    return new Position(file, 1, 1);
  }

  /** The first line with a directive: only comments and other directives come before it. */
  private Position directive() {
    int line = (int) source.lines().takeWhile(each -> !each.startsWith("%")).count();
    return new Position(file, line + 1, 1);
  }

  static Position position(String file, Mark mark) {
    return new Position(file, mark.getLine() + 1, mark.getColumn() + 1);
  }

  /** Ends the reading of a document that cannot be understood any further. */
  private static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Position at;
    private final String text;

    Refused(Position at, String text) {
      super(text, null, false, false);
      this.at = at;
      this.text = text;
    }
  }
}
