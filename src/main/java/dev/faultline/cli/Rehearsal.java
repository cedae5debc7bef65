package dev.faultline.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * The training run of the AOT cache: several command lines in one JVM, with a comma between them.
 *
 * <p>The build starts it instead of {@link Main}; what it has loaded and compiled is what a later
 * start finds ready. A command that does not come out as expected makes it fail.
 */
final class Rehearsal {

  private Rehearsal() {}

  public static void main(String[] arguments) {
    for (List<String> command : commands(arguments)) {
      int exitCode =
          Main.run(
              new PrintWriter(System.out),
              new PrintWriter(System.err),
              command.toArray(String[]::new));
      if (exitCode != ExitCode.AS_EXPECTED) {
        System.err.println("exit code " + exitCode + " of faultline " + String.join(" ", command));
        System.exit(exitCode);
      }
    }
    Interrupts.told();
    System.exit(ExitCode.AS_EXPECTED);
  }

  private static List<List<String>> commands(String[] arguments) {
    List<List<String>> commands = new ArrayList<>();
    commands.add(new ArrayList<>());
    for (String argument : arguments) {
      if (argument.equals(",")) {
        commands.add(new ArrayList<>());
      } else {
        commands.getLast().add(argument);
      }
    }
    return commands;
  }
}
