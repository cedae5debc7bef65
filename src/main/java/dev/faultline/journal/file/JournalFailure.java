package dev.faultline.journal.file;

import java.io.IOException;

/** A journal cannot be written, or not be opened for it. */
public final class JournalFailure extends IOException {

  private static final long serialVersionUID = 1;

  public JournalFailure(String text) {
    super(text);
  }

  JournalFailure(String text, IOException cause) {
    super(text + ": " + errno(cause), cause);
  }

  /** The errno in front of the system's words, where they are known. */
  private static String errno(IOException cause) {
    String text = String.valueOf(cause.getMessage());
    if (text.contains("No space left on device")) {
      return "ENOSPC, no space left on device";
    }
    if (text.contains("Input/output error")) {
      return "EIO, input/output error";
    }
    if (text.contains("File too large")) {
      return "EFBIG, file too large";
    }
    if (text.contains("quota exceeded")) {
      return "EDQUOT, disk quota exceeded";
    }
    if (text.contains("Permission denied")
        || cause instanceof java.nio.file.AccessDeniedException) {
      return "EACCES, permission denied";
    }
    if (text.contains("Read-only file system")) {
      return "EROFS, read-only file system";
    }
    return text;
  }
}
