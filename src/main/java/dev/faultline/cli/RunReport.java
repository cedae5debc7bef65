package dev.faultline.cli;

import dev.faultline.journal.JournalEntry.WorldEnded;
import dev.faultline.property.Properties;
import dev.faultline.property.expression.Promise;
import dev.faultline.runtime.RunResult;
import dev.faultline.scenario.Run;
import dev.faultline.scenario.Scenario;
import dev.faultline.view.Ladder;
import dev.faultline.view.Rounds;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine;

/**
 * Prints how a run ended: the ladder if it is short, the verdict, the journal, and what to look at
 * next.
 *
 * @param quiet nothing but what is not as expected, on standard error
 * @param file the journal; none in another journal plugin
 */
record RunReport(CommandLine command, Scenario scenario, boolean quiet, Optional<Path> file) {

  /** A longer ladder is not printed unasked. */
  private static final int LADDER_STEPS = 400;

  /** A run that ended; returns the exit code. */
  int ended(RunResult.Ended result, long elapsedNanos) {
    WorldEnded end = result.entry();
    int expectations = scenario.expected().size() + scenario.expectations().size();
    String verdict =
        (end.asExpected() ? "as expected: " : "NOT as expected: ")
            + String.join(
                ", ",
                counted(end.steps(), "step", "steps"),
                counted(expectations, "expectation", "expectations"),
                counted(Properties.names().size(), "property", "properties"))
            + promises()
            + seconds(elapsedNanos);
    StringBuilder details = new StringBuilder();
    if (!quiet && result.run().isRecordedEnd()) {
      details
          .append("  end of the recorded schedule after ")
          .append(counted(end.steps(), "step", "steps"))
          .append('\n');
    }
    if (!end.asExpected()) {
      result.run().failures().forEach(failure -> details.append("  ").append(failure).append('\n'));
    }
    print(new Verdict(end.steps(), result.recovered(), verdict, details.toString()), List.of());
    return end.asExpected() ? ExitCode.AS_EXPECTED : ExitCode.NOT_AS_EXPECTED;
  }

  /** How many promises of the scenario one run can judge. */
  private String promises() {
    long judged =
        scenario.promises().stream()
            .filter(promise -> !(promise instanceof Promise.Sometimes))
            .count();
    return judged == 0 ? "" : ", " + counted(judged, "promise", "promises");
  }

  /** A run that was stopped before its end; returns the exit code. */
  int stopped(RunResult.Stopped result, long elapsedNanos) {
    Run run = result.run();
    long steps = run.agenda().step();
    StringBuilder details = new StringBuilder();
    run.brokenUnexpectedly().forEach(broken -> details.append("  ").append(broken).append('\n'));
    details.append(Rounds.tell(run));
    String more = " --steps " + 2 * Math.max(1, steps);
    if (file.isEmpty()) {
      details.append("  It goes on with the same command and").append(more).append(".\n");
    }
    String verdict =
        "stopped after " + counted(steps, "step", "steps") + ", not ended" + seconds(elapsedNanos);
    print(
        new Verdict(steps, result.recovered(), verdict, details.toString()),
        file.map(path -> List.of("faultline run --resume " + path + more)).orElse(List.of()));
    return ExitCode.NOT_AS_EXPECTED;
  }

  /**
   * What is said of a run.
   *
   * @param recovered steps that were in the journal already
   * @param details lines; empty if all is as expected
   */
  private record Verdict(long steps, long recovered, String text, String details) {}

  private void print(Verdict verdict, List<String> first) {
    if (quiet && verdict.details().isEmpty()) {
      return;
    }
    PrintWriter out = quiet ? command.getErr() : command.getOut();
    if (!quiet) {
      if (file.isPresent() && verdict.steps() <= LADDER_STEPS) {
        String journal = file.get().toString();
        out.print(Ladder.draw(scenario, Inputs.journal(command, journal), Optional.empty()));
        out.println();
      }
      out.printf(
          Locale.ROOT,
          "%s  %s, %s, %s VMM%n",
          scenario.name(),
          scenario.setup().mode().name(),
          scenario.setup().revision().name(),
          scenario.setup().vmm().name());
    }
    out.println("  " + verdict.text());
    out.print(verdict.details());
    if (!quiet && verdict.recovered() > 0) {
      out.println(
          "  "
              + counted(verdict.recovered(), "step was", "steps were")
              + " in the journal already");
    }
    file.ifPresent(path -> out.println("  " + path));
    List<String> next = new ArrayList<>(first);
    if (!quiet) {
      file.ifPresent(path -> next.addAll(looks(path)));
    }
    if (!next.isEmpty()) {
      out.println();
      next.forEach(line -> out.println("  " + line));
    }
  }

  private List<String> looks(Path path) {
    return List.of(
        "faultline show " + path,
        "faultline why " + path + " --page " + page(),
        "faultline replay " + path);
  }

  /** A page that the story is about: the first that is shared at first, or the first of all. */
  private long page() {
    return scenario.setup().shared().ranges(scenario.setup().ram()).stream()
        .findFirst()
        .map(range -> range.start())
        .orElse(0L);
  }

  private static String counted(long count, String one, String many) {
    return count + " " + (count == 1 ? one : many);
  }

  private static String seconds(long nanos) {
    return String.format(Locale.ROOT, "  %.2f s", nanos / 1e9);
  }
}
