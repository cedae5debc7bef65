package dev.faultline.cli;

import dev.faultline.journal.JournalEntry.StepTaken;
import dev.faultline.journal.RecordedRun;
import dev.faultline.scenario.Replay;
import dev.faultline.scenario.Run;
import dev.faultline.scenario.Scenario;
import dev.faultline.view.Rounds;
import dev.faultline.world.Step;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Decides every message of a journal again, and says whether it comes out the same. */
@Command(
    name = "replay",
    description = "Decide every message of a journal again on the pure core, and compare.")
final class ReplayCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "JOURNAL", description = "a journal.jsonl, or its folder")
  private String journal = "";

  @Override
  public Integer call() {
    RecordedRun recorded = Inputs.journal(spec.commandLine(), journal);
    Scenario scenario = Inputs.scenario(spec.commandLine(), recorded);
    PrintWriter out = spec.commandLine().getOut();
    return switch (Replay.of(scenario, recorded)) {
      case Replay.Verdict.Identical(Run run, boolean ended) -> {
        long steps = run.agenda().step();
        out.println("identical: " + steps + " steps decided again, 0 differ");
        if (!ended) {
          out.println("  the run has not ended: its journal stops after step " + steps);
          out.print(Rounds.tell(run));
        }
        yield ExitCode.AS_EXPECTED;
      }
      case Replay.Verdict.EndsOtherwise(String was, String now) -> {
        out.println("differs at the end, all steps are the same");
        out.println("  journal   " + was);
        out.println("  now       " + now);
        yield ExitCode.DIVERGED;
      }
      case Replay.Verdict.Differs(StepTaken was, Optional<StepTaken> now, List<String> because) -> {
        out.println("differs at step " + was.step() + " (" + was.party() + ", " + what(was) + ")");
        because.forEach(text -> out.println("  " + text.replace("\n", "\n  ")));
        yield ExitCode.DIVERGED;
      }
    };
  }

  private static String what(StepTaken entry) {
    return switch (entry.taken()) {
      case Step.Deliver deliver -> "message from " + deliver.channel().from();
      case Step.Advance advance -> "task " + advance.task();
      case Step.Tick _ -> "script";
      case Step.Kill kill -> "killed by " + kill.by() + "'s script";
    };
  }
}
