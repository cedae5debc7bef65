package dev.faultline.scenario.yaml;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/**
 * Changes to a YAML text whose root is a mapping: values are replaced and entries are removed, and
 * all that is not concerned stays as its author wrote it, comments too.
 */
public final class YamlEdit {

  private final String text;
  private final Piece.Group root;
  private final List<Change> changes = new ArrayList<>();

  /**
   * A part of the text.
   *
   * <p>Offsets are of chars. Where a block ends with blank lines or comments, they are not part of
   * it.
   */
  private sealed interface Piece {
    int start();

    int end();

    /** A text, number, truth value or nothing. */
    record Leaf(String value, int start, int end) implements Piece {}

    /**
     * A list or a mapping; the keys and values of a mapping take turns.
     *
     * @param flow it is written with brackets
     */
    record Group(boolean mapping, boolean flow, List<Piece> parts, int start, int end)
        implements Piece {
      /** The index of a key among the parts; -1 if there is none. */
      int key(String name) {
        for (int index = 0; mapping && index < parts.size(); index += 2) {
          if (parts.get(index) instanceof Leaf leaf && leaf.value().equals(name)) {
            return index;
          }
        }
        return -1;
      }
    }
  }

  /**
   * A change.
   *
   * @param behind it goes behind what is left before it, blank lines not counted
   */
  private record Change(int start, int end, String by, boolean behind) {
    Change(int start, int end, String by) {
      this(start, end, by, false);
    }
  }

  private YamlEdit(String text, Piece.Group root) {
    this.text = text;
    this.root = root;
  }

  /**
   * An edit of a text.
   *
   * @param text as {@link #withBlockRoot} gives it
   */
  public static YamlEdit of(String text) {
    return new YamlEdit(text, root(text));
  }

  /**
   * The same text with a root that is written without brackets, an entry a line: so entries can be
   * put behind. Of a root in brackets the comments between its entries are lost.
   *
   * @throws IllegalArgumentException if the text is no mapping
   */
  public static String withBlockRoot(String source) {
    String text = source.replace("\r\n", "\n");
    Piece.Group root = root(text);
    if (!root.flow()) {
      return text;
    }
    StringBuilder block = new StringBuilder(text.substring(0, root.start()).stripTrailing());
    for (int index = 0; index < root.parts().size(); index += 2) {
      Piece value = root.parts().get(index + 1);
      block
          .append(block.isEmpty() ? "" : "\n")
          .append(raw(text, root.parts().get(index)))
          .append(": ")
          .append(raw(text, value).replace("\n", "\n  "));
    }
    return block.append('\n').toString();
  }

  private static Piece.Group root(String text) {
    if (new Reader(text).root() instanceof Piece.Group group && group.mapping()) {
      return group;
    }
    throw new IllegalArgumentException("no mapping to edit");
  }

  private static String raw(String text, Piece piece) {
    return text.substring(piece.start(), piece.end());
  }

  /** Whether the root has a key. */
  public boolean has(String key) {
    return root.key(key) >= 0;
  }

  /**
   * Says a value of the root anew.
   *
   * @param value as it is written; what begins with a line feed is indented already
   * @param behind the key behind which it goes if it is not there yet
   */
  public void set(String key, String value, String behind) {
    int at = root.key(key);
    String said = (value.startsWith("\n") ? ":" : ": ") + value;
    if (at >= 0) {
      Piece old = root.parts().get(at + 1);
      changes.add(new Change(root.parts().get(at).end(), old.end(), said));
      return;
    }
    int before = root.key(behind);
    Piece last = before >= 0 ? root.parts().get(before + 1) : root.parts().getLast();
    int end = lineEnd(last.end());
    changes.add(new Change(end, end, "\n" + key + said));
  }

  /** Removes an entry of the root, if it is there, with the rest of its last line. */
  public void remove(String key) {
    int at = root.key(key);
    if (at < 0) {
      return;
    }
    int start = root.parts().get(at).start();
    int end = Math.min(lineEnd(root.parts().get(at + 1).end()) + 1, text.length());
    changes.add(new Change(start, end, ""));
  }

  /** Puts lines behind everything that the root has; they bring the blank lines before them. */
  public void append(String lines) {
    int end = lineEnd(root.parts().getLast().end());
    changes.add(new Change(end, end, "\n" + lines, true));
  }

  /**
   * Says a value anew that stands at a place.
   *
   * @throws IllegalArgumentException if none stands there
   */
  public void replace(Position at, String value) {
    Found found = find(at);
    changes.add(new Change(found.value().start(), found.value().end(), value));
  }

  /**
   * Removes an entry whose value stands at a place.
   *
   * @throws IllegalArgumentException if none stands there
   */
  public void removeEntry(Position at) {
    Found found = find(at);
    List<Piece> parts = found.in().parts();
    Piece key = parts.get(found.index() - 1);
    int line = text.lastIndexOf('\n', key.start()) + 1;
    if (text.substring(line, key.start()).isBlank()) {
      int end = Math.min(lineEnd(found.value().end()) + 1, text.length());
      changes.add(new Change(line, end, ""));
    } else if (found.index() > 1) {
      changes.add(new Change(parts.get(found.index() - 2).end(), found.value().end(), ""));
    } else {
      changes.add(new Change(key.start(), parts.get(found.index() + 1).start(), ""));
    }
  }

  /** A value of a mapping. */
  private record Found(Piece.Group in, int index) {
    Piece value() {
      return in.parts().get(index);
    }
  }

  private Found find(Position at) {
    int offset = 0;
    for (int line = 1; line < at.line(); line++) {
      offset = text.indexOf('\n', offset) + 1;
    }
    int start = text.offsetByCodePoints(offset, at.column() - 1);
    return find(root, start)
        .orElseThrow(() -> new IllegalArgumentException("no value stands at " + at));
  }

  /** The outermost value that starts there: a block starts where its first key does. */
  private static Optional<Found> find(Piece.Group group, int start) {
    for (int index = 0; index < group.parts().size(); index++) {
      Piece part = group.parts().get(index);
      if (group.mapping() && index % 2 == 1 && part.start() == start) {
        return Optional.of(new Found(group, index));
      }
      if (part instanceof Piece.Group inner && inner.start() <= start && start < inner.end()) {
        return find(inner, start);
      }
    }
    return Optional.empty();
  }

  private int lineEnd(int offset) {
    int end = text.indexOf('\n', offset);
    return end < 0 ? text.length() : end;
  }

  /**
   * The text with nothing but a value of the root in it, at its place: blanks stand for the rest.
   * Empty if there is no such key, or its value is no mapping.
   */
  public static Optional<String> alone(String text, String key) {
    return value(text, key).flatMap(value -> alone(text, value));
  }

  /**
   * The same of an item of a list.
   *
   * @param index from 0
   */
  public static Optional<String> alone(String text, String key, int index) {
    return value(text, key)
        .filter(list -> !list.mapping() && index < list.parts().size())
        .flatMap(list -> alone(text, list.parts().get(index)));
  }

  /** The list or mapping that is a value of the root. */
  private static Optional<Piece.Group> value(String text, String key) {
    return new Reader(text).root() instanceof Piece.Group root
            && root.key(key) >= 0
            && root.parts().get(root.key(key) + 1) instanceof Piece.Group value
        ? Optional.of(value)
        : Optional.empty();
  }

  private static Optional<String> alone(String text, Piece piece) {
    if (!(piece instanceof Piece.Group value) || !value.mapping()) {
      return Optional.empty();
    }
    StringBuilder alone = new StringBuilder(text.substring(0, value.end()));
    for (int offset = 0; offset < value.start(); offset++) {
      if (alone.charAt(offset) != '\n') {
        alone.setCharAt(offset, ' ');
      }
    }
    return Optional.of(alone.append('\n').toString());
  }

  /** The text with all changes made. */
  public String text() {
    List<Change> last = new ArrayList<>(changes);
    // Of two at one place the one that was asked for first comes first.
    last.sort(Comparator.comparingInt(Change::start));
    StringBuilder edited = new StringBuilder();
    int at = 0;
    for (Change change : last) {
      edited.append(text, at, Math.max(at, change.start()));
      if (change.behind()) {
        edited.setLength(edited.toString().stripTrailing().length());
      }
      edited.append(change.by());
      at = Math.max(at, change.end());
      boolean afterBlank = edited.isEmpty() || edited.toString().endsWith("\n\n");
      while (change.by().isEmpty() && afterBlank && text.startsWith("\n", at)) {
        at++;
      }
    }
    edited.append(text.substring(at));
    return edited.toString().endsWith("\n") ? edited.toString() : edited.append('\n').toString();
  }

  /** Reads the pieces of a text. */
  private static final class Reader {

    private final String text;
    private final ParserImpl events;
    private int knownPoint;
    private int knownOffset;

    Reader(String text) {
      this.text = text;
      LoadSettings settings = LoadSettings.builder().setBufferSize(text.length() + 1).build();
      this.events = new ParserImpl(settings, new StreamReader(settings, text));
    }

    Piece root() {
      events.next(); // the start of the stream
      events.next(); // the start of the document
      return piece(events.next());
    }

    private Piece piece(Event event) {
      int start = offset(event.getStartMark());
      return switch (event) {
        case ScalarEvent scalar -> {
          int end = offset(scalar.getEndMark());
          ScalarStyle style = scalar.getScalarStyle();
          boolean block = style == ScalarStyle.LITERAL || style == ScalarStyle.FOLDED;
          yield new Piece.Leaf(scalar.getValue(), start, block ? stripped(end) : end);
        }
        case CollectionStartEvent collection -> group(collection, start);
        default -> throw new IllegalArgumentException("no piece starts with " + event);
      };
    }

    private Piece.Group group(CollectionStartEvent begin, int start) {
      boolean mapping = begin.getEventId() == Event.ID.MappingStart;
      Event.ID last = mapping ? Event.ID.MappingEnd : Event.ID.SequenceEnd;
      List<Piece> parts = new ArrayList<>();
      Event event = events.next();
      while (event.getEventId() != last) {
        parts.add(piece(event));
        event = events.next();
      }
      int end =
          begin.isFlow() || parts.isEmpty() ? offset(event.getEndMark()) : parts.getLast().end();
      return new Piece.Group(mapping, begin.isFlow(), parts, start, end);
    }

    private int stripped(int end) {
      int stripped = end;
      while (Character.isWhitespace(text.charAt(stripped - 1))) {
        stripped--;
      }
      return stripped;
    }

    /** Marks count code points, and come one after the other. */
    private int offset(Optional<Mark> mark) {
      int point = mark.orElseThrow().getIndex();
      knownOffset = text.offsetByCodePoints(knownOffset, point - knownPoint);
      knownPoint = point;
      return knownOffset;
    }
  }
}
