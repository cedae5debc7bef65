package dev.faultline.journal.file;

import java.nio.file.Path;

/** A process that writes a journal and does not end; started by {@link JournalLockTest}. */
final class LockHolder {

  private LockHolder() {}

  public static void main(String[] arguments) throws Exception {
    JournalWriter writer = JournalWriter.create(Path.of(arguments[0]), new Sync.Never());
    writer.append(Journals.object(1));
    System.out.println("writing");
    // Ends with whoever started it, also if that dies.
    while (System.in.read() >= 0) {}
  }
}
