package dev.faultline.cli;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import dev.faultline.journal.RecordedRun;
import dev.faultline.journal.file.JournalDamaged;
import dev.faultline.runtime.AkkaRun;
import dev.faultline.scenario.Library;
import dev.faultline.scenario.Scenario;
import dev.faultline.scenario.ScenarioLoader;
import dev.faultline.scenario.yaml.Problems;
import dev.faultline.view.Why;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine;

/** Reads what commands are given; what is wrong with it is told in one place. */
final class Inputs {

  private Inputs() {}

  /** Bad input whose text stands for itself: file:line:column, one mistake a line. */
  static final class Bad extends CommandLine.ParameterException {
    private static final long serialVersionUID = 1;

    Bad(CommandLine command, String text) {
      super(command, text);
    }
  }

  static Library.OfFiles library() {
    return new Library.OfFiles(Path.of(""));
  }

  static Scenario scenario(CommandLine command, String name, ScenarioLoader.Overrides overrides) {
    Problems problems = new Problems();
    return ScenarioLoader.load(library(), name, overrides, problems)
        .filter(scenario -> problems.isEmpty())
        .orElseThrow(() -> new Bad(command, problems.render().stripTrailing()));
  }

  static Path path(CommandLine command, String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException wrong) {
      throw new Bad(command, "no path: " + wrong.getReason());
    }
  }

  /** A journal; a torn tail is only told. */
  static RecordedRun journal(CommandLine command, String path) {
    RecordedRun recorded = journalToResume(command, path);
    recorded.torn().ifPresent(text -> command.getErr().println("faultline: " + text));
    return recorded;
  }

  /** A journal that will be gone on with; whoever cuts its torn tail tells of it. */
  static RecordedRun journalToResume(CommandLine command, String path) {
    try {
      return RecordedRun.read(path(command, path));
    } catch (JournalDamaged damaged) {
      throw new Bad(command, String.valueOf(damaged.getMessage()));
    } catch (AccessDeniedException denied) {
      throw new Bad(command, denied.getFile() + ": permission denied");
    } catch (IOException failure) {
      throw new Bad(command, path + ": cannot be read: " + failure.getMessage());
    }
  }

  /** The scenario that a journal brought along. */
  static Scenario scenario(CommandLine command, RecordedRun recorded) {
    Problems problems = new Problems();
    Optional<Scenario> scenario =
        ScenarioLoader.fromSources(recorded.started().sources(), problems);
    return scenario
        .filter(known -> problems.isEmpty())
        .orElseThrow(
            () ->
                new Bad(
                    command,
                    recorded.file()
                        + ":1: this faultline does not read what the run was made from:\n"
                        + problems.render().stripTrailing()));
  }

  /** A page of the guest's memory, by number or by address. */
  static long page(CommandLine command, Scenario scenario, String text) {
    long page =
        Why.parsePage(text)
            .orElseThrow(
                () ->
                    new Bad(
                        command,
                        "page \""
                            + text
                            + "\": expected a number such as 512, or an address such as 2MiB"));
    if (page >= scenario.setup().pageCount()) {
      throw new Bad(
          command,
          "page "
              + text
              + " is beyond the guest's memory: its last page is "
              + (scenario.setup().pageCount() - 1));
    }
    return page;
  }

  /** Akka's settings: those in ./conf come before those in the jar. */
  static Config config(CommandLine command) {
    Path own = Path.of("conf", "application.conf");
    boolean there = Files.isRegularFile(own);
    String from = there ? own + ": " : "";
    Config config;
    try {
      config =
          there
              ? ConfigFactory.parseFile(own.toFile()).withFallback(ConfigFactory.load()).resolve()
              : ConfigFactory.load();
      if (config.getLong("faultline.steps") < 1) {
        throw new Bad(command, from + "faultline.steps is less than 1");
      }
    } catch (ConfigException wrong) {
      throw new Bad(command, String.valueOf(wrong.getMessage()));
    }
    AkkaRun.noPlugin(config)
        .ifPresent(
            reason -> {
              throw new Bad(command, from + reason);
            });
    return config;
  }
}
