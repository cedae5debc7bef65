package dev.faultline.cli;

import dev.faultline.journal.RecordedRun;
import dev.faultline.scenario.Replay;
import dev.faultline.scenario.Run;
import dev.faultline.scenario.Scenario;
import dev.faultline.view.Rounds;
import java.io.PrintWriter;
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
      case Replay.Verdict.Diverged diverged -> Divergence.tell(out, diverged);
    };
  }
}
