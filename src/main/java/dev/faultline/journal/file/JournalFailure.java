package dev.faultline.journal.file;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Locale;

/** A journal cannot be written, or not be opened for it. */
public final class JournalFailure extends IOException {

  private static final long serialVersionUID = 1;

  /** An errno, and how the C library puts it. */
  private record Errno(String name, String words) {}

  private static final List<Errno> ERRNOS =
      List.of(
          new Errno("ENOSPC", "No space left on device"),
          new Errno("EIO", "Input/output error"),
          new Errno("EFBIG", "File too large"),
          new Errno("EDQUOT", "Disk quota exceeded"),
          new Errno("ENOENT", "No such file or directory"),
          new Errno("EACCES", "Permission denied"),
          new Errno("EROFS", "Read-only file system"),
          new Errno("ENOTDIR", "Not a directory"),
          new Errno("ENAMETOOLONG", "File name too long"),
          new Errno("EMFILE", "Too many open files"));

  public JournalFailure(String text) {
    super(text);
  }

  JournalFailure(String text, IOException cause) {
    super(text + ": " + reason(cause), cause);
  }

  /** The errno in front of the system's words, where they are known. */
  private static String reason(IOException cause) {
    String text =
        switch (cause) {
          case AccessDeniedException _ -> "Permission denied";
          case NoSuchFileException _ -> "No such file or directory";
          case FileSystemException of when of.getReason() != null -> of.getReason();
          // Such as a channel that an interrupt closed: the type is all it says.
          case IOException bare when bare.getMessage() == null -> bare.getClass().getSimpleName();
          default -> cause.getMessage();
        };
    return ERRNOS.stream()
        .filter(errno -> text.contains(errno.words()))
        .map(errno -> errno.name() + ", " + errno.words().toLowerCase(Locale.ROOT))
        .findFirst()
        .orElse(text);
  }
}
