package dev.faultline.cli;

import dev.faultline.journal.RecordedRun;
import dev.faultline.protocol.memory.IndexRange;
import dev.faultline.scenario.Scenario;
import dev.faultline.view.Ladder;
import dev.faultline.view.Why;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Draws a journal as a ladder, with a page map below. */
@Command(
    name = "show",
    description = "Draw a journal as a ladder of at most 72 columns, with a page map below.")
final class ShowCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "JOURNAL", description = "a journal.jsonl, or its folder")
  private String journal = "";

  @Option(
      names = "--page",
      paramLabel = "N",
      description = "only what concerns it: 512, or its guest address: 2MiB, 0x200000")
  private @Nullable String page;

  @Option(
      names = "--range",
      paramLabel = "A..B",
      description =
          "only what concerns pages A to B, both included: 512..767; of guest addresses, B is not:"
              + " 2MiB..3MiB")
  private @Nullable String range;

  @Override
  public Integer call() {
    RecordedRun recorded = Inputs.journal(spec.commandLine(), journal);
    Scenario scenario = Inputs.scenario(spec.commandLine(), recorded);
    spec.commandLine().getOut().print(Ladder.draw(scenario, recorded, only(scenario)));
    return ExitCode.AS_EXPECTED;
  }

  private Optional<IndexRange> only(Scenario scenario) {
    if (page != null && range != null) {
      throw new Inputs.Bad(spec.commandLine(), "give --page or --range, not both");
    }
    if (page != null) {
      long number = Inputs.page(spec.commandLine(), scenario, page);
      return Optional.of(new IndexRange(number, number + 1));
    }
    if (range == null) {
      return Optional.empty();
    }
    String[] ends = range.split("\\.\\.", -1);
    if (ends.length != 2) {
      throw new Inputs.Bad(spec.commandLine(), "--range " + range + ": expected 512..767");
    }
    long first = Inputs.page(spec.commandLine(), scenario, ends[0]);
    boolean isPage = ends[1].matches("[0-9]+");
    long last =
        isPage
            ? Inputs.page(spec.commandLine(), scenario, ends[1])
            : Why.parsePage(ends[1]).orElse(0L) - 1;
    if (last < first || last >= scenario.setup().pageCount()) {
      throw new Inputs.Bad(
          spec.commandLine(), "--range " + range + ": no range of the guest's pages");
    }
    return Optional.of(new IndexRange(first, last + 1));
  }
}
