package dev.faultline.cli;

import dev.faultline.scenario.Endings;
import dev.faultline.scenario.Scenario;
import dev.faultline.scenario.SeedRange;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;

/**
 * Runs a scenario once for each seed, and prints a line for each way in which it ended.
 *
 * @param quiet nothing but what is not as expected, on standard error
 */
record SeedsReport(CommandLine command, Scenario scenario, boolean quiet) {

  private static final long PROGRESS_NANOS = 200_000_000;

  /** Runs all seeds; returns the exit code. */
  int run(SeedRange seeds, long maxSteps) {
    long start = System.nanoTime();
    Progress progress = new Progress(command.getErr(), seeds.count(), isTerminal());
    List<Endings.Tally> tallies = Endings.of(scenario, seeds, maxSteps, progress::done);
    progress.clear();
    if (quiet) {
      tallies.stream()
          .filter(tally -> !tally.ending().asExpected())
          .forEach(tally -> command.getErr().println(line(tally)));
    } else {
      print(tallies, seeds.count(), System.nanoTime() - start);
    }
    return tallies.stream().allMatch(tally -> tally.ending().asExpected())
        ? ExitCode.AS_EXPECTED
        : ExitCode.NOT_AS_EXPECTED;
  }

  private void print(List<Endings.Tally> tallies, long runs, long elapsedNanos) {
    PrintWriter out = command.getOut();
    out.printf(
        Locale.ROOT,
        "%s  %s, %s, %s VMM%n",
        scenario.name(),
        scenario.setup().mode().name(),
        scenario.setup().revision().name(),
        scenario.setup().vmm().name());
    tallies.forEach(tally -> out.println(line(tally)));
    out.printf(
        Locale.ROOT,
        "  %d %s, %d %s  %.2f s%n",
        runs,
        runs == 1 ? "run" : "runs",
        tallies.size(),
        tallies.size() == 1 ? "outcome" : "outcomes",
        elapsedNanos / 1e9);
  }

  private static String line(Endings.Tally tally) {
    return String.format(
        Locale.ROOT,
        "%8d  from seed %d  %s",
        tally.count(),
        tally.firstSeed(),
        tally.ending().text());
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

  /** One line of a terminal that says how far it is. */
  private static final class Progress {

    private final PrintWriter err;
    private final long all;
    private final boolean shown;
    private long next = System.nanoTime() + PROGRESS_NANOS;
    private int width;

    Progress(PrintWriter err, long all, boolean shown) {
      this.err = err;
      this.all = all;
      this.shown = shown;
    }

    void done(long runs) {
      if (shown && System.nanoTime() - next >= 0) {
        String text = runs + " of " + all + " runs";
        err.print("\r" + text);
        err.flush();
        width = text.length();
        next = System.nanoTime() + PROGRESS_NANOS;
      }
    }

    void clear() {
      if (width > 0) {
        err.print("\r" + " ".repeat(width) + "\r");
        err.flush();
      }
    }
  }
}
