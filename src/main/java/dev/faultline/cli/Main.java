package dev.faultline.cli;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The process {@code faultline}: runs one command line and answers with its exit code. */
public final class Main {

  private Main() {}

  public static void main(String[] arguments) {
    StandardOutput standardOutput = new StandardOutput();
    System.setOut(
        new PrintStream(new BufferedOutputStream(standardOutput), false, StandardCharsets.UTF_8));
    PrintWriter err = new PrintWriter(System.err, true);
    int exitCode = run(new PrintWriter(System.out), err, arguments);
    System.out.flush();
    Optional<IOException> failure = standardOutput.failure();
    if (failure.isPresent()) {
      err.println("faultline: standard output: " + reason(failure.get()));
      exitCode = ExitCode.BROKEN;
    }
    Interrupts.told();
    System.exit(exitCode);
  }

  /**
   * Runs one command line; everything that goes wrong is said on {@code err}, nothing is thrown.
   */
  static int run(PrintWriter out, PrintWriter err, String... arguments) {
    return run(new Faultline(), out, err, arguments);
  }

  static int run(Object root, PrintWriter out, PrintWriter err, String... arguments) {
    try {
      return new CommandLine(root)
          .setOut(out)
          .setErr(err)
          .setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF))
          .setUsageHelpWidth(80)
          .registerConverter(Long.class, Main::wholeNumber)
          .setParameterExceptionHandler((e, _) -> badInput(e, err))
          .setExecutionExceptionHandler((e, _, _) -> broken(cause(e), err))
          .execute(arguments);
    } catch (Error e) {
      return broken(e, err);
    } finally {
      out.flush();
      err.flush();
    }
  }

  private static Long wholeNumber(String text) {
    try {
      return Long.valueOf(text);
    } catch (NumberFormatException _) {
      boolean isNumber = text.matches("[+-]?[0-9]+");
      throw new TypeConversionException(
          "'" + text + (isNumber ? "' is too large" : "' is not a whole number"));
    }
  }

  private static int badInput(ParameterException e, PrintWriter err) {
    if (e instanceof Inputs.Bad) {
      err.println(e.getMessage());
      return ExitCode.BAD_INPUT;
    }
    String command = e.getCommandLine().getCommandSpec().qualifiedName();
    String mistake = explain(e);
    String see = mistake.endsWith("?") ? " See " : "; see ";
    err.println(command + ": " + mistake + see + command + " --help");
    return ExitCode.BAD_INPUT;
  }

  private static String explain(ParameterException e) {
    if (e instanceof UnmatchedArgumentException unmatched) {
      return explain(unmatched);
    }
    String message = e.getMessage();
    return message.substring(0, 1).toLowerCase(Locale.ROOT) + message.substring(1);
  }

  private static String explain(UnmatchedArgumentException e) {
    CommandLine.Model.CommandSpec command = e.getCommandLine().getCommandSpec();
    String word = e.getUnmatched().getFirst();
    if (e.isUnknownOption()) {
      return unknown("option", word, List.copyOf(command.optionsMap().keySet()));
    }
    return command.subcommands().isEmpty()
        ? "unexpected argument \"" + word + "\""
        : unknown("command", word, List.copyOf(command.subcommands().keySet()));
  }

  private static String unknown(String kind, String word, List<String> known) {
    String mistake = "unknown " + kind + " \"" + word + "\"";
    return NearestWord.of(word, known)
        .map(meant -> mistake + "; did you mean \"" + meant + "\"?")
        .orElse(mistake);
  }

  /** What a command threw: picocli wraps an Error, and nothing else. */
  private static Throwable cause(Exception e) {
    return e instanceof ExecutionException && e.getCause() != null ? e.getCause() : e;
  }

  private static int broken(Throwable e, PrintWriter err) {
    switch (e) {
      case IOException failure -> err.println("faultline: " + reason(failure));
      case UncheckedIOException failure -> err.println("faultline: " + reason(failure.getCause()));
      case Throwable bug -> {
        err.println("faultline: internal error: " + bug);
        bug.printStackTrace(err);
      }
    }
    return ExitCode.BROKEN;
  }

  /** The message of a failure; of one about a file the JDK gives the name alone for some causes. */
  private static String reason(IOException failure) {
    return failure instanceof FileSystemException file && file.getReason() == null
        ? file.getFile() + ": " + file.getClass().getSimpleName()
        : String.valueOf(failure.getMessage());
  }
}
