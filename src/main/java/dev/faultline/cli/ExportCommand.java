package dev.faultline.cli;

import com.typesafe.config.Config;
import dev.faultline.runtime.AkkaRun;
import dev.faultline.runtime.JournalExport;
import java.nio.file.Files;
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
    description = "Read a run out of another journal plugin, and write it as a journal file.",
    footer = {
      "",
      "The plugin is the one that ./conf/application.conf sets. Where it sets none,",
      "a run is a journal file already."
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
    Config config = Inputs.config(spec.commandLine());
    if (AkkaRun.writesFile(config)) {
      throw new Inputs.Bad(
          spec.commandLine(),
          "runs are journal files already: journal/run/NAME-N/journal.jsonl. export reads a run out"
              + " of another journal plugin, and ./conf/application.conf sets none");
    }
    if (Files.exists(file)) {
      throw new Inputs.Bad(
          spec.commandLine(), file + " is there already; name another file with --to");
    }
    return switch (JournalExport.export(config, world, file)) {
      case JournalExport.Result.Written(long entries) -> {
        spec.commandLine().getOut().println(file + "  " + entries + " entries");
        yield ExitCode.AS_EXPECTED;
      }
      case JournalExport.Result.NoSuchRun() ->
          throw new Inputs.Bad(
              spec.commandLine(), "the journal has no run of the name \"" + world + "\"");
      case JournalExport.Result.Failed(String reason) -> {
        spec.commandLine().getErr().println("faultline: " + reason);
        yield ExitCode.BROKEN;
      }
    };
  }
}
