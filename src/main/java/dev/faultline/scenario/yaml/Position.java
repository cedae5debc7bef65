package dev.faultline.scenario.yaml;

import java.util.Comparator;

/**
 * A place in a file that a user wrote.
 *
 * @param file the file, as the user named it
 * @param line the line, from 1; 0 where the file as a whole is meant
 * @param column the column in code points, from 1; 0 where the file as a whole is meant
 */
public record Position(String file, int line, int column) implements Comparable<Position> {

  private static final Comparator<Position> ORDER =
      Comparator.comparing(Position::file)
          .thenComparingInt(Position::line)
          .thenComparingInt(Position::column);

  public Position {
    boolean wholeFile = line == 0 && column == 0;
    if (!wholeFile && (line < 1 || column < 1)) {
      throw new IllegalArgumentException("no place in a file: " + line + ":" + column);
    }
  }

  /** The file as a whole, for one that has no text to point at. */
  public static Position ofFile(String file) {
    return new Position(file, 0, 0);
  }

  @Override
  public int compareTo(Position other) {
    return ORDER.compare(this, other);
  }

  /** {@code file:line:column}, as compilers print it and editors jump to it. */
  @Override
  public String toString() {
    return line == 0 ? file : file + ":" + line + ":" + column;
  }
}
