package dev.faultline.journal.file;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Small journals for tests. */
final class Journals {

  private Journals() {}

  /** The object of a line, without its sum; some of it is not ASCII. */
  static String object(int number) {
    return "{\"pid\":\"gmem\",\"nr\":"
        + number
        + ",\"entry\":{\"text\":\"größer – "
        + number
        + "\"}}";
  }

  /** A journal of so many lines. */
  static byte[] bytes(int lines) {
    StringBuilder text = new StringBuilder();
    String sum = Checksum.FIRST;
    for (int number = 1; number <= lines; number++) {
      String line = Checksum.seal(object(number), sum);
      sum = Checksum.carried(line);
      text.append(line).append('\n');
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** The lines of a journal, each with its line feed. */
  static List<String> lines(int count) {
    return new String(bytes(count), StandardCharsets.UTF_8)
        .lines()
        .map(line -> line + "\n")
        .toList();
  }

  static Path write(Path file, byte[] bytes) throws IOException {
    return Files.write(file, bytes);
  }

  static Path write(Path file, List<String> lines) throws IOException {
    return Files.writeString(file, String.join("", lines));
  }

  /** The objects of a journal's lines. */
  static List<String> read(Path file) throws IOException, JournalDamaged {
    List<String> objects = new ArrayList<>();
    JournalReader.read(file, line -> objects.add(line.object()));
    return objects;
  }

  /** The objects of a journal of so many lines. */
  static List<String> objects(int lines) {
    List<String> objects = new ArrayList<>();
    for (int number = 1; number <= lines; number++) {
      objects.add(object(number));
    }
    return objects;
  }
}
