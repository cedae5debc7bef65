package dev.faultline.cli;

import com.typesafe.config.Config;
import dev.faultline.journal.JournalEntry;
import dev.faultline.journal.RecordedRun;
import dev.faultline.journal.file.JournalDamaged;
import dev.faultline.journal.file.JournalReader;
import dev.faultline.journal.file.Sync;
import dev.faultline.property.Properties;
import dev.faultline.runtime.AkkaRun;
import dev.faultline.runtime.RunResult;
import dev.faultline.scenario.Run;
import dev.faultline.scenario.Scenario;
import dev.faultline.scenario.ScenarioLoader;
import dev.faultline.view.Ladder;
import dev.faultline.world.Schedule;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs a scenario on Akka and journals it, or goes on with a run that was cut. */
@Command(
    name = "run",
    description = {
      "Run a scenario; its journal goes to journal/run/NAME-N/journal.jsonl.",
      "SCENARIO is a path, or a name below ./conf/scenario or among those shipped."
    })
final class RunCommand implements Callable<Integer> {

  /** A longer ladder is not printed unasked. */
  private static final int LADDER_STEPS = 400;

  @Spec private CommandSpec spec;

  @Parameters(index = "0", arity = "0..1", paramLabel = "SCENARIO", description = "what to run")
  private @Nullable String scenarioName;

  @Option(names = "--seed", paramLabel = "N", description = "of the random schedule")
  private @Nullable Long seed;

  @Option(
      names = "--schedule",
      paramLabel = "fifo|random",
      description = "who is next; the scenario says, or fifo")
  private @Nullable String scheduleName;

  @Option(names = "--mode", paramLabel = "NAME", description = "instead of the scenario's")
  private @Nullable String mode;

  @Option(names = "--revision", paramLabel = "NAME", description = "instead of the scenario's")
  private @Nullable String revision;

  @Option(names = "--vmm", paramLabel = "NAME", description = "instead of the scenario's")
  private @Nullable String vmm;

  @Option(names = "--guest", paramLabel = "NAME", description = "instead of the scenario's")
  private @Nullable String guest;

  @Option(names = "--journal", paramLabel = "DIR", description = "where the journal goes")
  private @Nullable String journalFolder;

  @Option(
      names = "--sync",
      paramLabel = "WHEN",
      description = "each, never, or a time such as 100ms (the default)")
  private @Nullable String sync;

  @Option(names = "--resume", paramLabel = "JOURNAL", description = "go on where it was cut")
  private @Nullable String resume;

  @Option(
      names = "--world",
      paramLabel = "NAME",
      description = "its name, where application.conf sets another journal plugin")
  private @Nullable String world;

  @Option(names = "--quiet", description = "print nothing but what is not as expected")
  private boolean quiet;

  private CommandLine command() {
    return spec.commandLine();
  }

  private Inputs.Bad bad(String text) {
    return new Inputs.Bad(command(), text);
  }

  @Override
  public Integer call() {
    if (sync != null && Sync.parse(sync).isEmpty()) {
      throw bad("--sync " + sync + ": expected each, never, or a time such as 100ms");
    }
    Config base = Inputs.config(command());
    return resume == null ? fresh(base) : resumed(base, resume);
  }

  // A new run.

  private int fresh(Config base) {
    if (scenarioName == null) {
      throw bad("no scenario given; `faultline list` prints those that are shipped");
    }
    Scenario scenario =
        Inputs.scenario(
            command(),
            scenarioName,
            new ScenarioLoader.Overrides(
                Optional.ofNullable(mode),
                Optional.ofNullable(revision),
                Optional.ofNullable(vmm),
                Optional.ofNullable(guest)));
    long usedSeed = seed == null ? scenario.seed() : seed;
    Schedule schedule = schedule(scenario, usedSeed);
    if (!isOurs(base)) {
      return report(scenario, elsewhere(base, scenario, schedule, usedSeed), Optional.empty(), 0);
    }
    Path file = newFile(scenario);
    long start = System.nanoTime();
    RunResult result = journaled(scenario, schedule, usedSeed, file, false, base);
    return report(scenario, result, Optional.of(file), System.nanoTime() - start);
  }

  private Schedule schedule(Scenario scenario, long usedSeed) {
    String name =
        scheduleName == null ? scenario.schedule().name().toLowerCase(Locale.ROOT) : scheduleName;
    return switch (name) {
      case "fifo" -> new Schedule.Fifo();
      case "random" -> new Schedule.Random(usedSeed);
      default -> throw bad("--schedule " + name + ": expected fifo or random");
    };
  }

  private String syncOr(String otherwise) {
    return sync == null ? otherwise : sync;
  }

  private Path newFile(Scenario scenario) {
    if (journalFolder != null) {
      Path file = Inputs.path(command(), journalFolder).resolve("journal.jsonl");
      if (Files.exists(file)) {
        throw bad(
            file + " is there already; run never appends: name another folder, or --resume it");
      }
      return file;
    }
    String name = scenario.name().substring(scenario.name().lastIndexOf('/') + 1);
    Path runs = Path.of("journal", "run");
    int number = 1;
    while (Files.exists(runs.resolve(name + "-" + number))) {
      number++;
    }
    return runs.resolve(name + "-" + number).resolve("journal.jsonl");
  }

  // Another journal plugin.

  private static boolean isOurs(Config base) {
    return base.getString("akka.persistence.journal.plugin").equals("faultline.journal");
  }

  private RunResult elsewhere(Config base, Scenario scenario, Schedule schedule, long usedSeed) {
    if (world == null) {
      throw bad("application.conf sets another journal plugin; name the run with --world NAME");
    }
    return AkkaRun.run(scenario, schedule, usedSeed, AkkaRun.inWorld(world).withFallback(base));
  }

  // A run that was cut.

  private int resumed(Config base, String journal) {
    Path file = RecordedRun.fileOf(Inputs.path(command(), journal));
    if (isEmpty(file)) {
      return again(base, file);
    }
    refuseChanges(file);
    RecordedRun recorded = Inputs.journalToResume(command(), journal);
    Scenario scenario = Inputs.scenario(command(), recorded);
    if (scenarioName != null && !last(scenario.name()).equals(last(scenarioName))) {
      throw bad(file + " is a run of " + scenario.name() + ", not of " + scenarioName);
    }
    long usedSeed = recorded.started().seed();
    Schedule schedule =
        recorded.started().schedule().equals("random")
            ? new Schedule.Random(usedSeed)
            : new Schedule.Fifo();
    long start = System.nanoTime();
    RunResult result = journaled(scenario, schedule, usedSeed, file, true, base);
    return report(scenario, result, Optional.of(file), System.nanoTime() - start);
  }

  /** What a run began with it goes on with. */
  private void refuseChanges(Path file) {
    Stream.of("--seed", "--schedule", "--mode", "--revision", "--vmm", "--guest", "--journal")
        .filter(option -> spec.commandLine().getParseResult().hasMatchedOption(option))
        .findFirst()
        .ifPresent(
            option -> {
              throw bad(option + " cannot be given with --resume: " + file + " has it already");
            });
  }

  /** The last part of a name or a path, without the file's ending. */
  private static String last(String name) {
    return name.substring(name.lastIndexOf('/') + 1).replaceFirst("\\.ya?ml$", "");
  }

  /** Whether a journal was cut before its first entry was whole. */
  private static boolean isEmpty(Path file) {
    try {
      return Files.isRegularFile(file) && JournalReader.read(file, line -> {}).lines() == 0;
    } catch (IOException | JournalDamaged _) {
      return false;
    }
  }

  private int again(Config base, Path file) {
    if (scenarioName == null) {
      throw bad(
          file
              + " was cut before its first entry was whole; go on with: faultline run SCENARIO"
              + " --resume "
              + file);
    }
    Scenario scenario =
        Inputs.scenario(
            command(),
            scenarioName,
            new ScenarioLoader.Overrides(
                Optional.ofNullable(mode),
                Optional.ofNullable(revision),
                Optional.ofNullable(vmm),
                Optional.ofNullable(guest)));
    long usedSeed = seed == null ? scenario.seed() : seed;
    long start = System.nanoTime();
    RunResult result =
        journaled(scenario, schedule(scenario, usedSeed), usedSeed, file, true, base);
    return report(scenario, result, Optional.of(file), System.nanoTime() - start);
  }

  /** Runs with our journal; whoever stops the process is told how to go on. */
  private RunResult journaled(
      Scenario scenario, Schedule schedule, long usedSeed, Path file, boolean goOn, Config base) {
    Thread stopped =
        new Thread(() -> System.err.println("stopped; go on with: faultline run --resume " + file));
    Runtime.getRuntime().addShutdownHook(stopped);
    RunResult result =
        AkkaRun.run(
            scenario,
            schedule,
            usedSeed,
            new AkkaRun.JournalAt(file, goOn, syncOr("100ms")).over(base));
    Runtime.getRuntime().removeShutdownHook(stopped);
    return result;
  }

  // What is printed.

  private int report(Scenario scenario, RunResult result, Optional<Path> file, long elapsedNanos) {
    PrintWriter out = command().getOut();
    PrintWriter err = command().getErr();
    return switch (result) {
      case RunResult.Failed(String reason) -> {
        err.println("faultline: " + reason);
        file.ifPresent(path -> err.println("go on with: faultline run --resume " + path));
        yield ExitCode.BROKEN;
      }
      case RunResult.Bug(String reason) -> {
        err.println("faultline: internal error: " + reason);
        yield ExitCode.BROKEN;
      }
      case RunResult.Ended(Run run, JournalEntry.WorldEnded end, long recovered) -> {
        if (!quiet) {
          print(out, scenario, run, end, recovered, file, elapsedNanos);
        }
        if (!end.asExpected()) {
          run.failures().forEach(failure -> (quiet ? err : out).println("  " + failure));
        }
        yield end.asExpected() ? ExitCode.AS_EXPECTED : ExitCode.NOT_AS_EXPECTED;
      }
    };
  }

  private void print(
      PrintWriter out,
      Scenario scenario,
      Run run,
      JournalEntry.WorldEnded end,
      long recovered,
      Optional<Path> file,
      long elapsedNanos) {
    if (file.isPresent() && end.steps() <= LADDER_STEPS) {
      out.print(
          Ladder.draw(
              scenario, Inputs.journal(command(), file.get().toString()), Optional.empty()));
      out.println();
    }
    int expectations = scenario.expected().size() + scenario.expectations().size();
    out.printf(
        Locale.ROOT,
        "%s  %s, %s, %s VMM%n",
        scenario.name(),
        scenario.setup().mode().name(),
        scenario.setup().revision().name(),
        scenario.setup().vmm().name());
    out.printf(
        Locale.ROOT,
        "  %s: %d steps, %d expectations, %d properties  %.2f s%n",
        end.asExpected() ? "as expected" : "NOT as expected",
        end.steps(),
        expectations,
        Properties.names().size(),
        elapsedNanos / 1e9);
    if (recovered > 0) {
      out.println("  " + recovered + " steps were in the journal already");
    }
    file.ifPresent(
        path -> {
          out.println("  " + path);
          if (end.asExpected()) {
            out.println();
            List.of(
                    "faultline show " + path,
                    "faultline why " + path + " --page " + page(scenario),
                    "faultline replay " + path)
                .forEach(line -> out.println("  " + line));
          }
        });
  }

  /** A page that the story is about: the first that is shared at first, or the first of all. */
  private static long page(Scenario scenario) {
    return scenario.setup().shared().ranges(scenario.setup().ram()).stream()
        .findFirst()
        .map(range -> range.start())
        .orElse(0L);
  }
}
