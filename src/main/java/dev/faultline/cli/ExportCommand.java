package dev.faultline.cli;

import dev.faultline.runtime.JournalExport;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Reads a run out of another journal plugin, as a journal file. */
@Command(
    name = "export",
    description = {
      "Read a run out of the journal plugin that application.conf sets,",
      "and write it as a journal file."
    })
final class ExportCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "WORLD", description = "the run's name: run --world NAME")
  private String world = "";

  @Option(names = "--as", paramLabel = "FORMAT", required = true, description = "jsonl")
  private String format = "";

  @Option(
      names = "--to",
      paramLabel = "FILE",
      description = "where it goes; without it, WORLD.jsonl")
  private @Nullable String to;

  @Override
  public Integer call() {
    if (!format.equals("jsonl")) {
      throw new Inputs.Bad(spec.commandLine(), "--as " + format + ": expected jsonl");
    }
    Path file =
        Inputs.path(spec.commandLine(), to == null ? world.replace('/', '-') + ".jsonl" : to);
    return switch (JournalExport.export(Inputs.config(spec.commandLine()), world, file)) {
      case JournalExport.Result.Written(long entries) -> {
        spec.commandLine().getOut().println(file + "  " + entries + " entries");
        yield ExitCode.AS_EXPECTED;
      }
      case JournalExport.Result.Failed(String reason) -> {
        spec.commandLine().getErr().println("faultline: " + reason);
        yield ExitCode.BROKEN;
      }
    };
  }
}
