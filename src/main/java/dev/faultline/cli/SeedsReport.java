package dev.faultline.cli;

import dev.faultline.scenario.Endings;
import dev.faultline.scenario.Scenario;
import dev.faultline.scenario.SeedRange;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;

/**
 * Runs a scenario once for each seed, and prints a line for each way in which it ended.
 *
 * @param quiet nothing but what is not as expected, on standard error
 */
record SeedsReport(CommandLine command, Scenario scenario, boolean quiet) {

  /** Runs all seeds; returns the exit code. */
  int run(SeedRange seeds, long maxSteps) {
    long start = System.nanoTime();
    StatusLine status = new StatusLine(command.getErr());
    List<Endings.Tally> tallies =
        Endings.of(
            scenario,
            seeds,
            maxSteps,
            runs -> status.say(() -> runs + " of " + seeds.count() + " runs"));
    status.clear();
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
}
