package dev.faultline.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/**
 * The root of the command line: it knows every command and does nothing itself.
 *
 * <p>A command is a class of this package with {@code @Command}, which implements {@code
 * Callable<Integer>} and returns a number of {@link ExitCode}; it is registered by its line in
 * {@code subcommands}. It prints to {@code spec.commandLine().getOut()}. What is wrong with its
 * input it throws as a {@link ParameterException}, whose message is printed as it is.
 */
@Command(
    name = "faultline",
    description =
        "An executable laboratory for the Linux guest_memfd shared/private conversion protocol.",
    versionProvider = Version.class,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:as expected",
      "1:an expectation or a property failed, a run was stopped before its end, or the model"
          + " disagreed with a kernel's trace",
      "2:bad input",
      "3:a bug of our own, or a write that failed",
      "4:a journal is decided otherwise now (replay, run --resume)",
      "130:stopped by Ctrl-C"
    },
    subcommands = {
      RunCommand.class,
      ExploreCommand.class,
      GuardsCommand.class,
      ShowCommand.class,
      WhyCommand.class,
      ReplayCommand.class,
      ConformCommand.class,
      EmitCommand.class,
      ListCommand.class,
      ExportCommand.class,
      SchemaCommand.class
    })
final class Faultline implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Print this help and exit.")
  private boolean help;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Print the version and exit.")
  private boolean version;

  @Override
  public Integer call() {
    throw new ParameterException(spec.commandLine(), "no command given");
  }
}
