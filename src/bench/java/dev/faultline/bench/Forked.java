package dev.faultline.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Runs other programs, and measures how long they take. */
final class Forked {

  private Forked() {}

  /**
   * A program that has ended.
   *
   * @param text all that it printed
   */
  record Ended(int exitCode, double seconds, String text) {

    /** A number that it printed, where a pattern's group stands. */
    double number(String pattern) {
      Matcher found = Pattern.compile(pattern).matcher(text);
      if (!found.find()) {
        throw new IllegalStateException("no " + pattern + " in: " + text);
      }
      return Double.parseDouble(found.group(1));
    }
  }

  static Ended run(Path folder, List<String> command) throws IOException {
    long start = System.nanoTime();
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toAbsolutePath().toFile())
            .redirectErrorStream(true)
            .start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      return new Ended(process.waitFor(), (System.nanoTime() - start) / 1e9, text);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while " + command + " ran", interrupted);
    }
  }

  /** Runs a program that has to end well. */
  static Ended need(Path folder, List<String> command) throws IOException {
    Ended ended = run(folder, command);
    if (ended.exitCode() != 0) {
      throw new IOException(command + " ended with " + ended.exitCode() + ": " + ended.text());
    }
    return ended;
  }

  static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
