package dev.faultline.journal.file;

import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A process that locks a journal over and over; started by {@link JournalLockTest}. */
final class LockContender {

  private LockContender() {}

  /** Says how often it had the lock, or that another had it too. */
  public static void main(String[] arguments) throws Exception {
    Path journal = Path.of(arguments[0]);
    Path inside = journal.resolveSibling("inside");
    int taken = 0;
    long end = System.nanoTime() + 1_000_000_000L * Long.parseLong(arguments[1]);
    while (System.nanoTime() < end) {
      try (JournalLock lock = JournalLock.take(journal)) {
        Files.createFile(inside);
        Files.delete(inside);
        taken++;
      } catch (JournalFailure _) {
        // Another has it.
      } catch (FileAlreadyExistsException _) {
        System.out.print("not alone");
        return;
      }
    }
    System.out.print(taken);
  }
}
