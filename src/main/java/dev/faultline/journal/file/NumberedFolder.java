package dev.faultline.journal.file;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A folder NAME-N for a new journal. */
public final class NumberedFolder {

  private NumberedFolder() {}

  /**
   * Makes the folder with the first number from 1 that is free. Of runs that start at once each
   * gets its own: whoever makes a folder has its number.
   */
  public static Path make(Path parent, String name) throws IOException {
    List<Path> changed = NewFileSink.makeFolders(parent.resolve(name));
    int number = 1;
    while (!isMade(parent.resolve(name + "-" + number))) {
      number++;
    }
    NewFileSink.forceNames(changed);
    return parent.resolve(name + "-" + number);
  }

  private static boolean isMade(Path folder) throws IOException {
    try {
      Files.createDirectory(folder);
      return true;
    } catch (FileAlreadyExistsException _) {
      return false;
    }
  }
}
