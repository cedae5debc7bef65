package dev.faultline.cli;

import dev.faultline.journal.RecordedRun;
import dev.faultline.scenario.Scenario;
import dev.faultline.view.Why;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says in sentences what became of a page, and why. */
@Command(
    name = "why",
    description =
        "Say what a page is now, who changed it, who holds it, and why a conversion failed.")
final class WhyCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "JOURNAL", description = "a journal.jsonl, or its folder")
  private String journal = "";

  @Option(
      names = "--page",
      required = true,
      paramLabel = "N",
      description = "its number: 512, or its guest address: 2MiB, 0x200000")
  private String page = "";

  @Override
  public Integer call() {
    RecordedRun recorded = Inputs.journal(spec.commandLine(), journal);
    Scenario scenario = Inputs.scenario(spec.commandLine(), recorded);
    long number = Inputs.page(spec.commandLine(), scenario, page);
    spec.commandLine().getOut().print(Why.explain(scenario, recorded, number));
    return ExitCode.AS_EXPECTED;
  }
}
