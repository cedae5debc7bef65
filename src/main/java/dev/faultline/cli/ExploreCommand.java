package dev.faultline.cli;

import dev.faultline.explore.Bounds;
import dev.faultline.explore.Checkpoint;
import dev.faultline.explore.Explorer;
import dev.faultline.explore.Reductions;
import dev.faultline.explore.Report;
import dev.faultline.explore.Sample;
import dev.faultline.explore.Sampler;
import dev.faultline.explore.Strategy;
import dev.faultline.explore.Verdict;
import dev.faultline.explore.yardstick.Yardstick;
import dev.faultline.property.Properties;
import dev.faultline.property.expression.Expression;
import dev.faultline.property.expression.Mistake;
import dev.faultline.property.expression.Parsed;
import dev.faultline.protocol.Chance;
import dev.faultline.scenario.Exploration;
import dev.faultline.scenario.ExpressionText;
import dev.faultline.scenario.ReportJson;
import dev.faultline.scenario.SampleJson;
import dev.faultline.scenario.Scenario;
import dev.faultline.scenario.ScenarioLoader;
import dev.faultline.scenario.Shrink;
import dev.faultline.view.OutcomeTable;
import dev.faultline.view.SampleText;
import dev.faultline.view.VerdictText;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Searches all interleavings of a scenario. */
@Command(
    name = "explore",
    description = {
      "Search every interleaving of a scenario for one that breaks a property.",
      "SCENARIO is a path, or a name below ./conf/scenario or among those shipped."
    },
    footer = {
      "",
      "The first line is the verdict: holds, broken, stuck, found, bounded or vacuous.",
      "What was found is written as a scenario with its steps, which `run` takes.",
      "Exit code 0: holds, or found what --find asks for; bounded and vacuous are 1",
      "unless --accept names them."
    })
final class ExploreCommand implements Callable<Integer> {

  /** A smaller scenario that takes longer to search is taken for one that does not break. */
  private static final long SHRINK_MS = 20_000;

  @Spec private CommandSpec spec;

  @Parameters(index = "0", arity = "0..1", paramLabel = "SCENARIO", description = "what to explore")
  private @Nullable String scenarioName;

  @Mixin private DesignOptions designs = new DesignOptions();

  @Option(
      names = "--outcomes",
      description = "list every way in which the scenario can end, and stop at nothing")
  private boolean outcomes;

  @Option(
      names = "--find",
      paramLabel = "EXPRESSION",
      description = "look for a state in which this is so: 'page 0 is private and mapped'")
  private @Nullable String find;

  @Option(names = "--workers", paramLabel = "N", description = "threads (one a processor)")
  private @Nullable Integer workers;

  @Option(names = "--depth", paramLabel = "N", description = "at most so many steps")
  private @Nullable Integer depth;

  @Option(
      names = "--memory",
      paramLabel = "SIZE",
      description = "for the states seen: 2G, 500M (two thirds of the heap)")
  private @Nullable String memory;

  @Option(names = "--time", paramLabel = "TIME", description = "at most so long: 90s, 10m, 2h")
  private @Nullable String time;

  @Option(
      names = "--checkpoint",
      paramLabel = "FILE",
      description = "keep the search there, and go on with it if there is one")
  private @Nullable String checkpoint;

  @Option(
      names = "--accept",
      paramLabel = "VERDICT",
      split = ",",
      description = "bounded, vacuous, sampled: exit code 0 for these too")
  private List<String> accepted = new ArrayList<>();

  @Option(
      names = "--strategy",
      paramLabel = "random|pct|swarm",
      description = "walk instead of searching everything; never says holds")
  private @Nullable String strategy;

  @Option(names = "--seed", paramLabel = "N", description = "of --strategy, any whole number (1)")
  private long seed = 1;

  @Option(names = "--walks", paramLabel = "N", description = "so many, of --strategy (10,000)")
  private long walks = 10_000;

  @Option(
      names = "--pct-depth",
      paramLabel = "N",
      description = "orderings that a bug may need, of --strategy pct (3)")
  private int pctDepth = 3;

  @Option(
      names = "--coverage",
      description = "count how often each message, refusal, act and property was seen")
  private boolean coverage;

  @Option(
      names = "--shrink",
      description = "make the scenario smaller while it still breaks, and write it")
  private boolean shrink;

  @Option(names = "--json", description = "print the verdict as one JSON object")
  private boolean json;

  @Option(
      names = "--counterexample",
      paramLabel = "DIR",
      description = "where what was found is written (counterexample)")
  private String folder = "counterexample";

  @Option(
      names = "--reduce",
      paramLabel = "WHAT",
      split = ",",
      description = "symmetry, partial-order, all or none (all; none with --yardstick, --outcomes)")
  private @Nullable List<String> reduce;

  @Option(
      names = "--yardstick",
      paramLabel = "N,T[,BUG]",
      description = "instead of a scenario, the model that explorers are measured on")
  private @Nullable String yardstick;

  private Inputs.Bad bad(String text) {
    return new Inputs.Bad(spec.commandLine(), text);
  }

  @Override
  public Integer call() {
    for (String word : accepted) {
      if (!List.of("bounded", "vacuous", "sampled").contains(word)) {
        throw bad("--accept " + word + ": expected bounded, vacuous or sampled");
      }
    }
    int threads = workers == null ? Runtime.getRuntime().availableProcessors() : workers;
    if (threads < 1 || threads > 256) {
      throw bad("--workers " + threads + ": expected 1 to 256");
    }
    Bounds bounds = bounds();
    return yardstick == null ? scenario(threads, bounds) : yardstick(threads, bounds, yardstick);
  }

  private Bounds bounds() {
    if (depth != null && depth < 0) {
      throw bad("--depth " + depth + ": expected a number of steps from 0");
    }
    return new Bounds(
        depth == null ? Integer.MAX_VALUE : depth,
        memory == null
            ? Runtime.getRuntime().maxMemory() / 3 * 2
            : Amounts.bytes(memory)
                .orElseThrow(
                    () -> bad("--memory " + memory + ": expected a size such as 500M or 2G")),
        time == null
            ? Long.MAX_VALUE
            : Amounts.milliseconds(time)
                .orElseThrow(
                    () -> bad("--time " + time + ": expected a time such as 90s, 10m or 2h")));
  }

  private Reductions reductions() {
    if (reduce == null) {
      return yardstick != null || outcomes ? Reductions.NONE : Reductions.ALL;
    }
    for (String word : reduce) {
      if (!List.of("symmetry", "partial-order", "all", "none").contains(word)) {
        throw bad("--reduce " + word + ": expected symmetry, partial-order, all or none");
      }
    }
    boolean all = reduce.contains("all");
    return new Reductions(
        all || reduce.contains("symmetry"), all || reduce.contains("partial-order"));
  }

  // What is explored.

  private int yardstick(int threads, Bounds bounds, String size) {
    if (scenarioName != null) {
      throw bad("--yardstick " + size + " is explored instead of a scenario; give one of them");
    }
    Yardstick model =
        Yardsticks.of(size)
            .orElseThrow(
                () ->
                    bad(
                        "--yardstick "
                            + size
                            + ": expected pages 1..4, threads 1..3 and perhaps a bug 1..3: 3,3 or"
                            + " 2,2,1"));
    Explorer explorer = new Explorer(model, List.of(), Set.of(), Optional.empty());
    Report report = explore(explorer, threads, bounds, "--yardstick " + size, List.of());
    if (json) {
      out()
          .println(
              ReportJson.of(
                  report, VerdictText.word(report.verdict()), List.of(), Optional.empty()));
    } else {
      print(report);
      report
          .verdict()
          .way()
          .ifPresent(trace -> trace.moves().forEach(move -> out().println("    " + move.label())));
    }
    return exitCode(report.verdict());
  }

  private int scenario(int threads, Bounds bounds) {
    if (scenarioName == null) {
      throw bad("no scenario given; `faultline list` prints those that are shipped");
    }
    ScenarioLoader.Overrides overrides = designs.overrides();
    Scenario scenario = Inputs.scenario(spec.commandLine(), scenarioName, overrides);
    Exploration exploration = Exploration.of(scenario);
    if (find != null) {
      Expression expression = expression(scenario, find);
      exploration.find(find, expression::holds);
    }
    if (strategy != null) {
      return sample(scenario, overrides, exploration.sampler(coverage), bounds);
    }
    if (shrink) {
      return shrunk(scenario, overrides, bounds);
    }
    Explorer explorer = outcomes ? exploration.outcomes() : exploration.verdict(coverage);
    List<?> dependsOn = List.of(scenario.setup(), scenario.sources());
    Report report = explore(explorer, threads, bounds, scenario.name(), dependsOn);
    Optional<Path> file =
        report
            .verdict()
            .way()
            .map(
                trace ->
                    counterexamples()
                        .write(
                            scenario,
                            overrides,
                            report.verdict(),
                            trace,
                            VerdictText.line(report)));
    if (json) {
      out()
          .println(
              ReportJson.of(
                  report,
                  VerdictText.word(report.verdict()),
                  scenario.setup().open(),
                  file.map(Path::toString)));
    } else {
      print(report);
      tellOpen(scenario);
      report.coverage().ifPresent(counted -> out().print("\n" + counted.table()));
      if (outcomes) {
        OutcomeTable.of(scenario, report).forEach(out()::println);
      }
      tell(file);
    }
    return exitCode(report.verdict());
  }

  private Counterexamples counterexamples() {
    return new Counterexamples(Inputs.path(spec.commandLine(), folder));
  }

  // Samples.

  private Strategy strategy(String word) {
    return switch (word) {
      case "random" -> new Strategy.Random();
      case "pct" -> new Strategy.Pct(pctDepth);
      case "swarm" -> new Strategy.Swarm();
      default -> throw bad("--strategy " + word + ": expected random, pct or swarm");
    };
  }

  private int sample(
      Scenario scenario, ScenarioLoader.Overrides overrides, Sampler sampler, Bounds bounds) {
    if (walks < 1 || pctDepth < 1) {
      throw bad("--walks and --pct-depth: expected a whole number from 1");
    }
    Strategy by = strategy(Objects.requireNonNull(strategy));
    Sample sample = Watched.sample(sampler, by, seed, walks, bounds, spec.commandLine().getErr());
    Optional<Path> file =
        sample
            .verdict()
            .way()
            .map(
                trace ->
                    counterexamples()
                        .write(
                            scenario, overrides, sample.verdict(), trace, SampleText.line(sample)));
    if (json) {
      out()
          .println(
              SampleJson.of(
                  sample,
                  VerdictText.word(sample.verdict()),
                  scenario.setup().open(),
                  file.map(Path::toString)));
    } else {
      out().println(SampleText.line(sample));
      SampleText.table(sample).forEach(out()::println);
      tellOpen(scenario);
      sample.coverage().ifPresent(counted -> out().print("\n" + counted.table()));
      tell(file);
    }
    return exitCode(sample.verdict());
  }

  private void tell(Optional<Path> file) {
    file.ifPresent(
        path -> {
          out().println("  " + path);
          out().println();
          out().println("  faultline run " + path);
        });
  }

  /** Makes a scenario smaller while it breaks, and writes what is left. */
  private int shrunk(Scenario scenario, ScenarioLoader.Overrides overrides, Bounds bounds) {
    Bounds each =
        new Bounds(
            bounds.depth(), bounds.memoryBytes(), Math.min(bounds.milliseconds(), SHRINK_MS));
    Watched watched = Watched.begin(spec.commandLine().getErr());
    Optional<Shrink.Shrunk> smallest =
        Shrink.smallest(
            scenario,
            overrides,
            candidate ->
                broken(
                    Exploration.of(candidate)
                        .verdict()
                        .explore(1, Reductions.ALL, each, watched)
                        .verdict()),
            watched::stops);
    watched.end();
    if (smallest.isEmpty()) {
      out().println("nothing smaller breaks");
      return ExitCode.NOT_AS_EXPECTED;
    }
    Path file = counterexamples().write(scenario, smallest.get().text());
    out()
        .println(
            "shrunk: "
                + smallest.get().breaks()
                + " still breaks; "
                + smallest.get().asked()
                + " smaller scenarios tried");
    out().println("  " + file);
    out().println();
    out().println("  faultline explore " + file);
    return ExitCode.AS_EXPECTED;
  }

  private static Optional<String> broken(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Broken broken -> Optional.of(broken.property());
      case Verdict.Stuck _ -> Optional.of(Properties.EVENTUALLY);
      case Verdict.Never(var lasso) -> Optional.of(lasso.property());
      case Verdict.Holds _,
          Verdict.Found _,
          Verdict.Bounded _,
          Verdict.Sampled _,
          Verdict.Vacuous _ ->
          Optional.empty();
    };
  }

  private Expression expression(Scenario scenario, String text) {
    return switch (Expression.parse(text, scenario.setup())) {
      case Parsed.Right(Expression expression) -> expression;
      case Parsed.Wrong(Mistake mistake) ->
          throw bad(ExpressionText.pointed("--find", text, mistake));
    };
  }

  private Report explore(
      Explorer explorer, int threads, Bounds bounds, String what, List<?> dependsOn) {
    String title =
        "faultline explore "
            + what
            + designs.open()
            + (find == null ? "" : " --find '" + find + "'")
            + (outcomes ? " --outcomes" : "");
    Optional<Checkpoint> file =
        Optional.ofNullable(checkpoint)
            .map(name -> Inputs.path(spec.commandLine(), name))
            .map(path -> Checkpoints.of(path, title, dependsOn));
    try {
      return Watched.explore(
          explorer, threads, reductions(), bounds, file, spec.commandLine().getErr());
    } catch (Checkpoint.Refused refused) {
      throw bad(refused.getMessage());
    }
  }

  // What is told.

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }

  private void print(Report report) {
    out().println(VerdictText.line(report));
    VerdictText.table(report).forEach(out()::println);
  }

  /** What could happen besides the usual, if anything. */
  private void tellOpen(Scenario scenario) {
    List<String> open = scenario.setup().open().stream().map(Chance::word).toList();
    if (!open.isEmpty()) {
      out().println("  open: " + String.join(", ", open));
    }
  }

  private int exitCode(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Holds _, Verdict.Found _ -> ExitCode.AS_EXPECTED;
      case Verdict.Broken _, Verdict.Stuck _, Verdict.Never _ -> ExitCode.NOT_AS_EXPECTED;
      case Verdict.Bounded _, Verdict.Sampled _, Verdict.Vacuous _ ->
          accepted.contains(VerdictText.word(verdict))
              ? ExitCode.AS_EXPECTED
              : ExitCode.NOT_AS_EXPECTED;
    };
  }
}
