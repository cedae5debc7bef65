package dev.faultline.cli;

import dev.faultline.journal.JournalEntry.StepTaken;
import dev.faultline.scenario.Replay.Verdict;
import dev.faultline.view.StepLabels;
import dev.faultline.world.Step;
import java.io.PrintWriter;
import java.util.List;

/** Tells of a journal that is decided otherwise now: where, and both versions of what differs. */
final class Divergence {

  private Divergence() {}

  /** Prints it, and returns the exit code. */
  static int tell(PrintWriter out, Verdict.Diverged diverged) {
    out.println(
        switch (diverged) {
          case Verdict.StartsOtherwise _ -> "differs at the first entry";
          case Verdict.Differs(StepTaken journal, List<String> _) ->
              "differs at step "
                  + journal.step()
                  + " ("
                  + journal.party()
                  + ", "
                  + what(journal)
                  + ")";
          case Verdict.EndsOtherwise _ -> "differs at the end, all steps are the same";
        });
    diverged.because().forEach(text -> out.println("  " + text.replace("\n", "\n  ")));
    return ExitCode.DIVERGED;
  }

  private static String what(StepTaken entry) {
    return switch (entry.taken()) {
      case Step.Deliver deliver -> "message from " + deliver.channel().from();
      case Step.Advance advance -> "task " + advance.task();
      case Step.Tick _ -> "script";
      case Step.Kill kill -> StepLabels.killed(kill);
    };
  }
}
