package dev.faultline.journal.file;

/** A journal cannot be trusted: a whole line is not what was written. */
public final class JournalDamaged extends Exception {

  private static final long serialVersionUID = 1;

  /** {@code file:line: what is wrong}, the line from 1. */
  public JournalDamaged(String file, long line, String text) {
    super(file + ":" + line + ": " + text);
  }

  /** Without a line: the file as a whole. */
  public JournalDamaged(String file, String text) {
    super(file + ": " + text);
  }
}
