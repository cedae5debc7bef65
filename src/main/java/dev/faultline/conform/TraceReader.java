package dev.faultline.conform;

import dev.faultline.scenario.yaml.Nearest;
import dev.faultline.scenario.yaml.Position;
import dev.faultline.scenario.yaml.Problem;
import dev.faultline.scenario.yaml.Problems;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Reads a recorded trace: a JSON object a line, with the operation as "op", and the kernel's answer
 * as "res" and further fields. Whatever else a file has is a problem; nothing is skipped.
 */
public final class TraceReader {

  /** In bytes; operations are shorter by an order of magnitude. */
  static final int MAX_LINE = 4096;

  private static final String OP = "op";

  private static final Pattern RES = Pattern.compile("[A-Z][A-Z0-9_]*");

  private static final List<String> TEXTS = List.of("exit", "errno");

  private final String name;
  private final Problems problems;
  private final List<Trace.Entry> entries = new ArrayList<>();
  private int lineNumber;
  private boolean isWhole = true;

  private TraceReader(String name, Problems problems) {
    this.name = name;
    this.problems = problems;
  }

  /** The trace in a file; empty, with problems, if anything about it is wrong. */
  public static Optional<Trace> read(Path file, Problems problems) {
    String name = file.toString();
    Position at = Position.ofFile(name);
    if (Files.isDirectory(file)) {
      problems.add(at, "a directory; name a trace in it");
      return Optional.empty();
    }
    // A pipe would be waited for, and a device read without end.
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      problems.add(at, "not a regular file; name a recorded trace");
      return Optional.empty();
    }
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      return read(name, in, problems);
    } catch (NoSuchFileException _) {
      problems.add(at, "no such file");
    } catch (AccessDeniedException _) {
      problems.add(at, "permission denied");
    } catch (IOException failure) {
      problems.add(at, "cannot be read: " + failure.getMessage());
    }
    return Optional.empty();
  }

  /**
   * The trace in a stream; empty, with problems, if anything about it is wrong.
   *
   * @throws IOException if the stream fails
   */
  static Optional<Trace> read(String name, InputStream in, Problems problems) throws IOException {
    TraceReader reader = new TraceReader(name, problems);
    return reader.read(in) ? Optional.of(new Trace(name, reader.entries)) : Optional.empty();
  }

  private boolean read(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream(256);
    boolean goOn = true;
    while (goOn) {
      if (problems.isFull()) {
        return false;
      }
      line.reset();
      int next = in.read();
      while (next >= 0 && next != '\n' && line.size() < MAX_LINE) {
        line.write(next);
        next = in.read();
      }
      if (next < 0 && line.size() == 0) {
        break;
      }
      lineNumber++;
      goOn = line(line.toByteArray(), next);
    }
    if (lineNumber == 0) {
      lineNumber = 1;
      problem("", 0, "the file is empty; expected a line for each operation");
    }
    return isWhole;
  }

  /** Reads one line; false if what follows is not worth reading. */
  private boolean line(byte[] bytes, int next) {
    CharBuffer out = CharBuffer.allocate(bytes.length);
    ByteBuffer in = ByteBuffer.wrap(bytes);
    boolean isTooLong = next >= 0 && next != '\n';
    boolean isText =
        !StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .decode(in, out, !isTooLong)
            .isError();
    String line = out.flip().toString();
    if (!isText) {
      String found = "0x%02x".formatted(bytes[in.position()]);
      problem(line, line.length(), "not a text file: byte " + found + " is not UTF-8");
      return false;
    }
    OptionalInt control = control(line);
    if (control.isPresent()) {
      String found = "U+%04X".formatted((int) line.charAt(control.getAsInt()));
      problem(
          line, control.getAsInt(), "not a text file: character " + found + " stands in no trace");
      return false;
    }
    if (isTooLong) {
      problem(
          line,
          line.length(),
          "expected the end of the line, found more than " + MAX_LINE + " bytes in it");
      return false;
    }
    try {
      entries.add(entry(line));
      if (next < 0) {
        problem(line, line.length(), cut());
      }
    } catch (Mistake mistake) {
      boolean isCut = next < 0 && mistake.index() >= line.stripTrailing().length();
      problem(line, mistake.index(), isCut ? cut() : mistake.text());
    }
    return true;
  }

  private static String cut() {
    return "expected a line feed, found the end of the file: its last line was cut";
  }

  private static OptionalInt control(String line) {
    for (int i = 0; i < line.length(); i++) {
      char character = line.charAt(i);
      if (Character.isISOControl(character) && character != '\t' && character != '\r') {
        return OptionalInt.of(i);
      }
    }
    return OptionalInt.empty();
  }

  private void problem(String line, int index, String text) {
    isWhole = false;
    int column = line.codePointCount(0, Math.min(index, line.length())) + 1;
    problems.add(new Position(name, lineNumber, column), text);
  }

  private static Trace.Entry entry(String line) throws Mistake {
    SequencedMap<String, TraceLine.Field> fields = TraceLine.parse(line);
    TraceLine.Text op = text(fields, OP, line);
    List<Operands.Found> words = Operands.split(op);
    if (words.isEmpty()) {
      throw new Mistake(op.at(), "expected an operation, found an empty text");
    }
    Vocabulary.Word word = Vocabulary.word(words.getFirst());
    int end = op.places()[op.text().length()];
    TraceOperation operation = word.parse(words.subList(1, words.size()), end);
    return new Trace.Entry(op.text(), operation, answer(fields, word, line));
  }

  private static TraceLine.Text text(
      SequencedMap<String, TraceLine.Field> fields, String name, String line) throws Mistake {
    TraceLine.Field field = fields.get(name);
    if (field == null) {
      throw new Mistake(
          Math.max(0, line.stripTrailing().length() - 1),
          "expected the field \"" + name + "\" in this object, found none");
    }
    return switch (field.value()) {
      case TraceLine.Text text -> text;
      case TraceLine.Whole whole ->
          throw new Mistake(
              whole.at(),
              "the field \"%s\": expected a text, found the number %d"
                  .formatted(name, whole.number()));
    };
  }

  private static Answer answer(
      SequencedMap<String, TraceLine.Field> fields, Vocabulary.Word word, String line)
      throws Mistake {
    TraceLine.Text res = text(fields, Answer.RES, line);
    if (!RES.matcher(res.text()).matches()) {
      throw new Mistake(
          res.at(),
          "the field \"res\": expected a word such as OK or EINVAL, found "
              + Problem.quoted(res.text()));
    }
    TreeMap<String, Object> values = new TreeMap<>();
    for (Map.Entry<String, TraceLine.Field> field : fields.entrySet()) {
      String name = field.getKey();
      if (!name.equals(OP) && !name.equals(Answer.RES) && !word.fields().contains(name)) {
        throw new Mistake(
            field.getValue().at(),
            "no answer to "
                + word.name()
                + " has a field "
                + Problem.quoted(name)
                + Nearest.hint(name, word.fields()));
      }
      if (!name.equals(OP)) {
        values.put(name, value(name, field.getValue().value()));
      }
    }
    return new Answer(values);
  }

  private static Object value(String name, TraceLine.Value value) throws Mistake {
    return switch (value) {
      case TraceLine.Whole whole -> whole.number();
      case TraceLine.Text text -> {
        if (!name.equals(Answer.RES) && !TEXTS.contains(name)) {
          throw new Mistake(
              text.at(),
              "the field \"%s\": expected a whole number, found %s"
                  .formatted(name, Problem.quoted(text.text())));
        }
        yield text.text();
      }
    };
  }
}
