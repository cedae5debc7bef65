package dev.faultline.scenario.yaml;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The text of a YAML file and the name under which mistakes in it are reported.
 *
 * @param name the file, as the user named it
 * @param text all of it
 */
public record YamlSource(String name, String text) {

  private static final char BYTE_ORDER_MARK = '\ufeff';

  /** Reads a file; empty, with a problem, if it cannot be read, is too large or is not UTF-8. */
  public static Optional<YamlSource> readFile(Path file, Problems problems) {
    Position at = Position.ofFile(file.toString());
    if (Files.isDirectory(file)) {
      problems.add(at, "a directory; name a file in it");
      return Optional.empty();
    }
    // A pipe would be waited for, and a device read without end.
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      problems.add(at, "not a regular file; name a file of YAML");
      return Optional.empty();
    }
    try (InputStream stream = Files.newInputStream(file)) {
      return read(file.toString(), stream, problems);
    } catch (NoSuchFileException _) {
      problems.add(at, "no such file");
    } catch (AccessDeniedException _) {
      problems.add(at, "permission denied");
    } catch (IOException failure) {
      problems.add(at, "cannot be read: " + Kind.shortened(String.valueOf(failure.getMessage())));
    }
    return Optional.empty();
  }

  /**
   * Reads what is not a file of its own, such as a design in the jar.
   *
   * @throws IOException if the stream fails
   */
  public static Optional<YamlSource> read(String name, InputStream stream, Problems problems)
      throws IOException {
    byte[] bytes = stream.readNBytes(SourceText.MAX_LENGTH + 1);
    if (bytes.length > SourceText.MAX_LENGTH) {
      CharBuffer start = CharBuffer.allocate(SourceText.MAX_LENGTH);
      decode(ByteBuffer.wrap(bytes, 0, SourceText.MAX_LENGTH), start);
      SourceText.tooLong(name, start.flip().toString(), problems);
      return Optional.empty();
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length);
    boolean failed = decode(in, out).isError();
    String text = out.flip().toString();
    if (failed) {
      String found = "0x%02x".formatted(bytes[in.position()]);
      problems.add(
          SourceText.endOf(name, text), "not a text file: byte " + found + " is not UTF-8");
      return Optional.empty();
    }
    return Optional.of(new YamlSource(name, withoutByteOrderMark(text)));
  }

  private static CoderResult decode(ByteBuffer in, CharBuffer out) {
    return StandardCharsets.UTF_8
        .newDecoder()
        .onMalformedInput(CodingErrorAction.REPORT)
        .onUnmappableCharacter(CodingErrorAction.REPORT)
        .decode(in, out, true);
  }

  private static String withoutByteOrderMark(String text) {
    return text.indexOf(BYTE_ORDER_MARK) == 0 ? text.substring(1) : text;
  }
}
