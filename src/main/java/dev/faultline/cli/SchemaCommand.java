package dev.faultline.cli;

import dev.faultline.journal.Source;
import dev.faultline.scenario.Schemas;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints the JSON Schema of a kind of file, for editors. */
@Command(name = "schema", description = "Print the JSON Schema of a kind of file, for editors.")
final class SchemaCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(
      index = "0",
      paramLabel = "KIND",
      description = "scenario, mode, revision, vmm, guest or mutation")
  private String kind = "";

  @Override
  public Integer call() {
    for (Source.Kind known : Source.Kind.values()) {
      if (known.name().toLowerCase(Locale.ROOT).equals(kind)) {
        spec.commandLine().getOut().print(Schemas.of(known));
        return ExitCode.AS_EXPECTED;
      }
    }
    throw new Inputs.Bad(
        spec.commandLine(),
        "unknown kind \"" + kind + "\"; one of: scenario, mode, revision, vmm, guest, mutation");
  }
}
