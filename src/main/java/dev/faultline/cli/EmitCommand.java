package dev.faultline.cli;

import dev.faultline.conform.Emission;
import dev.faultline.conform.Unwritable;
import dev.faultline.scenario.Places;
import dev.faultline.scenario.Scenario;
import dev.faultline.scenario.ScenarioLoader;
import dev.faultline.scenario.yaml.Position;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes a scenario so that it can be put to a kernel. */
@Command(
    name = "emit",
    description = {
      "Write a sequential scenario as the operations of a trace, to be put to a kernel.",
      "SCENARIO is a path, or a name below ./conf/scenario or among those shipped."
    },
    footer = {
      "",
      "A scenario is sequential if only one line of its scripts can be next at any time.",
      "One that is not, or that does what traces have no word for, is refused with the",
      "line that prevents it, and the exit code is 2."
    })
final class EmitCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "SCENARIO", description = "what to write")
  private String scenarioName = "";

  @Option(
      names = "--as-trace",
      required = true,
      description = "as the operations that `conform` reads, one a line")
  private boolean asTrace;

  @Option(
      names = "--with-answers",
      description = "with the answers of the scenario's world, so that `conform` can compare them")
  private boolean withAnswers;

  @Option(names = "--revision", paramLabel = "NAME|FILE", description = "instead of the scenario's")
  private @Nullable String revision;

  @Override
  public Integer call() {
    Scenario scenario =
        Inputs.scenario(
            spec.commandLine(),
            scenarioName,
            new ScenarioLoader.Overrides(
                Optional.empty(),
                Optional.ofNullable(revision),
                Optional.empty(),
                Optional.empty()));
    PrintWriter out = spec.commandLine().getOut();
    for (Emission.Line line : lines(scenario)) {
      out.println(withAnswers ? line.answered() : line.bare());
    }
    return ExitCode.AS_EXPECTED;
  }

  private List<Emission.Line> lines(Scenario scenario) {
    try {
      return Emission.of(scenario.setup());
    } catch (Unwritable unwritable) {
      throw new Inputs.Bad(
          spec.commandLine(),
          at(scenario, unwritable.place()) + ": no trace: " + unwritable.reason());
    }
  }

  private Position at(Scenario scenario, Unwritable.Place place) {
    boolean isPath = Files.isRegularFile(Inputs.path(spec.commandLine(), scenarioName));
    Places places = new Places(scenario, isPath ? scenarioName : scenario.file());
    return switch (place) {
      case Unwritable.Place.OfLine(int line) -> places.ofLine(line);
      case Unwritable.Place.OfKey(String key) when key.equals("revision") && revision != null ->
          Position.ofFile("--revision");
      case Unwritable.Place.OfKey(String key) -> places.ofKey(key);
    };
  }
}
