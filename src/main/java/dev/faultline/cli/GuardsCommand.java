package dev.faultline.cli;

import dev.faultline.explore.Bounds;
import dev.faultline.explore.Explorer;
import dev.faultline.protocol.design.Revision;
import dev.faultline.scenario.Guards;
import dev.faultline.scenario.Guards.Guarded;
import dev.faultline.scenario.Guards.Notice;
import dev.faultline.scenario.Scenario;
import dev.faultline.scenario.ScenarioLoader;
import dev.faultline.scenario.ScenarioLoader.Overrides;
import dev.faultline.scenario.yaml.Problems;
import dev.faultline.view.GuardsTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says of each line of a revision which property notices if it is missing. */
@Command(
    name = "guards",
    description = {
      "Leave out every line of a revision in turn, and swap every two acts, explore the",
      "scenarios each time, and say which property notices."
    },
    footer = {
      "",
      "What nothing notices is a finding: a check that no property needs, a property",
      "that is missing, or a scenario that is. Exit code 1 then, else 0."
    })
final class GuardsCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "REVISION", description = "whose lines are left out")
  private String revision = "";

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "SCENARIO",
      description = "what is explored")
  private List<String> scenarios = new ArrayList<>();

  @Option(names = "--workers", paramLabel = "N", description = "threads (one a processor)")
  private @Nullable Integer workers;

  @Option(
      names = "--time",
      paramLabel = "TIME",
      description = "for each scenario and change at most so long (1m)")
  private String time = "1m";

  @Mixin private OpenOption open = new OpenOption();

  private Inputs.Bad bad(String text) {
    return new Inputs.Bad(spec.commandLine(), text);
  }

  @Override
  public Integer call() {
    int threads = workers == null ? Runtime.getRuntime().availableProcessors() : workers;
    if (threads < 1 || threads > 256) {
      throw bad("--workers " + threads + ": expected 1 to 256");
    }
    long milliseconds =
        Amounts.milliseconds(time)
            .orElseThrow(() -> bad("--time " + time + ": expected a time such as 90s or 10m"));
    Bounds bounds =
        new Bounds(Integer.MAX_VALUE, Runtime.getRuntime().maxMemory() / 3 * 2, milliseconds);
    Overrides own =
        new Overrides(Optional.empty(), Optional.of(revision), Optional.empty(), Optional.empty())
            .opened(open.chances());
    Revision unchanged = base(own);
    Guards guards = new Guards(scenarios, change -> load(own, change), threads, bounds);
    StatusLine status = new StatusLine(spec.commandLine().getErr());
    Progress progress = new Progress(status);
    Interrupts.tell(() -> progress.stopped = true);
    List<Guarded> all = guards.of(unchanged, progress);
    status.clear();
    GuardsTable.of(all).forEach(spec.commandLine().getOut()::println);
    return all.stream().noneMatch(each -> each.notice() instanceof Notice.Nothing)
        ? ExitCode.AS_EXPECTED
        : ExitCode.NOT_AS_EXPECTED;
  }

  /** The revision as it is; each scenario has to take it. */
  private Revision base(Overrides own) {
    Optional<Revision> revisions = Optional.empty();
    for (String name : scenarios) {
      Scenario scenario = Inputs.scenario(spec.commandLine(), name, own);
      revisions = Optional.of(scenario.setup().revision());
    }
    return revisions.orElseThrow();
  }

  private static Optional<Scenario> load(Overrides own, Guards.Change change) {
    Problems problems = new Problems();
    Overrides overrides = change.mutation().map(mutation -> mutation.over(own)).orElse(own);
    return ScenarioLoader.load(Inputs.library(), change.scenario(), overrides, problems)
        .filter(_ -> problems.isEmpty());
  }

  /** How far all is, and whether to stop. */
  private static final class Progress implements Explorer.Watcher {
    private final StatusLine status;
    private volatile boolean stopped;

    Progress(StatusLine status) {
      this.status = status;
    }

    @Override
    public void at(Explorer.Progress progress) {
      status.say(() -> progress.states() + " states, level " + progress.level());
    }

    @Override
    public boolean stops() {
      return stopped;
    }
  }
}
