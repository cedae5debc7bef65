package dev.faultline.journal.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * A file that was not there before. Its name, and those of the folders that were made for it, are
 * forced to the disk with its first bytes: a power cut would lose the whole file otherwise.
 */
final class NewFileSink implements Sink {

  private final Sink file;
  private List<Path> unsynced;

  private NewFileSink(Sink file, List<Path> unsynced) {
    this.file = file;
    this.unsynced = unsynced;
  }

  /** Makes the folders of a file that are missing; those in which a name is new now. */
  static List<Path> makeFolders(Path file) throws IOException {
    List<Path> changed = new ArrayList<>();
    Path folder = file.toAbsolutePath().getParent();
    changed.add(folder);
    for (Path each = folder; !Files.exists(each); each = each.getParent()) {
      changed.add(each.getParent());
    }
    Files.createDirectories(folder);
    return changed;
  }

  /**
   * Makes a file.
   *
   * @param folders in which a name is new
   * @throws java.nio.file.FileAlreadyExistsException if it is there already
   */
  static NewFileSink make(Path file, List<Path> folders) throws IOException {
    return new NewFileSink(
        new OfChannel(
            FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)),
        List.copyOf(folders));
  }

  /** Forces the names in folders to the disk. */
  static void forceNames(List<Path> folders) throws IOException {
    for (Path folder : folders) {
      try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
        names.force(true);
      }
    }
  }

  @Override
  public void write(ByteBuffer line) throws IOException {
    file.write(line);
  }

  @Override
  public void force() throws IOException {
    file.force();
    forceNames(unsynced);
    unsynced = List.of();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
