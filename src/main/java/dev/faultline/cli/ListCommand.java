package dev.faultline.cli;

import dev.faultline.journal.Source;
import dev.faultline.scenario.Library;
import dev.faultline.scenario.ScenarioLoader;
import dev.faultline.scenario.yaml.Problems;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Lists scenarios with the first line of their story, and the names of designs. */
@Command(
    name = "list",
    description = "List scenarios with the first line of their story, and the designs.")
final class ListCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    Library.OfFiles library = Inputs.library();
    int exit = ExitCode.AS_EXPECTED;
    for (String name : library.names(Source.Kind.SCENARIO)) {
      Problems problems = new Problems();
      var scenario = ScenarioLoader.load(library, name, ScenarioLoader.Overrides.NONE, problems);
      if (scenario.isPresent()) {
        out.println(name);
        out.println("    " + scenario.get().story().lines().findFirst().orElse(""));
      } else {
        err.print(problems.render());
        exit = ExitCode.BAD_INPUT;
      }
    }
    for (Source.Kind kind :
        List.of(
            Source.Kind.MODE,
            Source.Kind.REVISION,
            Source.Kind.VMM,
            Source.Kind.GUEST,
            Source.Kind.MUTATION)) {
      out.println();
      out.println(
          kind.name().toLowerCase(Locale.ROOT) + ": " + String.join(", ", library.names(kind)));
    }
    return exit;
  }
}
