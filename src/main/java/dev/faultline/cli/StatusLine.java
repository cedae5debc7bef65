package dev.faultline.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;

/** One line of a terminal that says how far something is; where nobody watches, nothing. */
final class StatusLine {

  private static final long PAUSE_NANOS = 200_000_000;

  private final PrintWriter err;
  private final boolean shown;
  private long next = System.nanoTime() + PAUSE_NANOS;
  private int width;

  StatusLine(PrintWriter err) {
    this.err = err;
    this.shown = isTerminal();
  }

  /** Whether somebody watches standard error; elsewhere than on Linux nobody is known to. */
  private static boolean isTerminal() {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
      return target.startsWith("/dev/pts/")
          || target.startsWith("/dev/tty")
          || target.equals("/dev/console");
    } catch (IOException | UnsupportedOperationException _) {
      return false;
    }
  }

  /** Says it, if the last time is long enough ago. */
  void say(Supplier<String> words) {
    if (shown && System.nanoTime() - next >= 0) {
      String text = words.get();
      err.print("\r" + text + " ".repeat(Math.max(0, width - text.length())));
      err.flush();
      width = text.length();
      next = System.nanoTime() + PAUSE_NANOS;
    }
  }

  /** Takes it away. */
  void clear() {
    if (width > 0) {
      err.print("\r" + " ".repeat(width) + "\r");
      err.flush();
    }
  }
}
