package dev.faultline.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A list of scenarios with the ways in which they end, as an independent program found them. */
public final class OutcomeFile {

  private OutcomeFile() {}

  /**
   * How a scenario ends in a design.
   *
   * @param scenario a scenario's name, or the lines of its text up to its first {@code --}
   * @param broken the properties that break on the way
   */
  public record Case(String scenario, String revision, List<String> broken, List<String> ends) {
    @Override
    public String toString() {
      return scenario.lines().findFirst().orElse("") + ", " + revision;
    }
  }

  /** Reads {@code == SCENARIO}, {@code -- REVISION [breaks PROPERTY...]}, then a line an end. */
  public static List<Case> read(Path file) {
    List<Case> cases = new ArrayList<>();
    String scenario = "";
    try {
      for (String line : Files.readAllLines(file)) {
        if (line.startsWith("== ")) {
          scenario = line.substring(3);
        } else if (line.startsWith("-- ")) {
          List<String> words = List.of(line.substring(3).split(" "));
          List<String> broken = words.size() > 1 ? words.subList(2, words.size()) : List.of();
          cases.add(new Case(scenario, words.getFirst(), broken, new ArrayList<>()));
        } else if (!line.isBlank() && !line.startsWith("#")) {
          cases.getLast().ends().add(line);
        }
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    return cases;
  }
}
