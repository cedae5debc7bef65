package dev.faultline.cli;

import com.typesafe.config.Config;
import dev.faultline.journal.RecordedRun;
import dev.faultline.journal.file.JournalDamaged;
import dev.faultline.journal.file.JournalReader;
import dev.faultline.journal.file.NumberedFolder;
import dev.faultline.journal.file.Sync;
import dev.faultline.runtime.AkkaRun;
import dev.faultline.runtime.RunResult;
import dev.faultline.scenario.Replay;
import dev.faultline.scenario.Scenario;
import dev.faultline.scenario.SeedRange;
import dev.faultline.world.Schedule;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
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
import picocli.CommandLine.Mixin;
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
    },
    footer = {
      "",
      "A run that takes more than --steps is stopped: its journal has no end, the exit",
      "code is 1, and --resume with more --steps goes on. A run that was stopped by",
      "Ctrl-C (exit code 130) goes on with --resume.",
      "",
      "--seeds prints a line for each outcome: how many runs, the first seed, what the",
      "lines answered that have a name or expect an answer, and whether it is expected.",
      "",
      "A scenario with recorded steps takes those, and --schedule fifo or random others."
    })
final class RunCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(index = "0", arity = "0..1", paramLabel = "SCENARIO", description = "what to run")
  private @Nullable String scenarioName;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "of --schedule random, any whole number")
  private @Nullable Long seed;

  @Option(
      names = "--seeds",
      paramLabel = "A..B",
      description = "once for each of these, without a journal; prints how the runs ended")
  private @Nullable String seeds;

  @Option(
      names = "--schedule",
      paramLabel = "fifo|random",
      description = "who is next; the scenario says, or fifo")
  private @Nullable String scheduleName;

  @Option(
      names = "--steps",
      paramLabel = "N",
      description = "at most so many in all, those before --resume as well (100,000)")
  private @Nullable Long steps;

  @Mixin private DesignOptions designs = new DesignOptions();

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

  @Option(
      names = "--quiet",
      description = "print only what is not as expected, and then the journal's path")
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
    if (steps != null && steps < 1) {
      throw bad("--steps " + steps + ": expected a whole number from 1");
    }
    Config settings = Inputs.config(command());
    Config base = steps == null ? settings : AkkaRun.atMost(steps).withFallback(settings);
    if (seeds != null) {
      return seeds(base, seeds);
    }
    if (AkkaRun.writesFile(base)) {
      if (world != null) {
        throw bad(
            "--world "
                + world
                + ": a run is a file here and needs no name; --world is for another journal plugin,"
                + " set in ./conf/application.conf");
      }
      return resume == null ? fresh(base) : resumed(base, resume);
    }
    return elsewhere(base);
  }

  // A new run.

  private Scenario scenario() {
    if (scenarioName == null) {
      throw bad("no scenario given; `faultline list` prints those that are shipped");
    }
    return Inputs.scenario(command(), scenarioName, designs.overrides());
  }

  private int fresh(Config base) {
    Scenario scenario = scenario();
    long usedSeed = seed == null ? scenario.seed() : seed;
    Schedule schedule = schedule(scenario, usedSeed);
    return journaled(scenario, schedule, usedSeed, new Journal(newFile(scenario), false, base));
  }

  private Schedule schedule(Scenario scenario, long usedSeed) {
    String name =
        scheduleName == null ? scenario.schedule().name().toLowerCase(Locale.ROOT) : scheduleName;
    if (List.of("fifo", "recorded").contains(name) && seed != null) {
      throw bad(
          "--seed " + seed + " says nothing to the " + name + " schedule; add --schedule random");
    }
    return switch (name) {
      case "fifo" -> new Schedule.Fifo();
      case "random" -> new Schedule.Random(usedSeed);
      case "recorded" -> {
        if (scenario.schedule() != Scenario.ScheduleKind.RECORDED) {
          throw bad("--schedule recorded: " + scenario.file() + " has no recorded steps");
        }
        yield scenario.ownSchedule();
      }
      default -> throw bad("--schedule " + name + ": expected fifo or random");
    };
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
    try {
      return NumberedFolder.make(runs, name).resolve("journal.jsonl");
    } catch (IOException _) {
      // The journal's writer fails for the same reason, and tells it.
      return runs.resolve(name + "-1").resolve("journal.jsonl");
    }
  }

  // Many runs, none of them journaled.

  private int seeds(Config base, String range) {
    Stream.of("--seed", "--resume", "--journal", "--sync", "--world")
        .filter(this::isGiven)
        .findFirst()
        .ifPresent(
            option -> {
              throw bad(
                  option
                      + " cannot be given with --seeds: it runs once for each seed and journals"
                      + " nothing");
            });
    if (scheduleName != null && !scheduleName.equals("random")) {
      throw bad(
          scheduleName.equals("fifo")
              ? "--seeds " + range + " says nothing to the fifo schedule; leave --schedule out"
              : "--schedule " + scheduleName + ": with --seeds expected random, or nothing");
    }
    SeedRange.mistake(range)
        .ifPresent(
            mistake -> {
              throw bad("--seeds " + range + ": " + mistake);
            });
    Scenario scenario = scenario();
    if (scenario.schedule() == Scenario.ScheduleKind.RECORDED && scheduleName == null) {
      throw bad(
          "--seeds "
              + range
              + " says nothing to the recorded schedule of "
              + scenario.file()
              + "; add --schedule random");
    }
    return new SeedsReport(command(), scenario, quiet)
        .run(SeedRange.parse(range), base.getLong("faultline.steps"));
  }

  // Another journal plugin.

  private int elsewhere(Config base) {
    String plugin = "./conf/application.conf sets another journal plugin";
    Stream.of("--journal", "--sync", "--resume")
        .filter(this::isGiven)
        .findFirst()
        .ifPresent(
            option -> {
              throw bad(option + " is for journal files, and " + plugin);
            });
    if (world == null || world.isBlank()) {
      throw bad(plugin + "; name the run with --world NAME");
    }
    Scenario scenario = scenario();
    long usedSeed = seed == null ? scenario.seed() : seed;
    Schedule schedule = schedule(scenario, usedSeed);
    String again = "stopped; the same command goes on with it";
    long start = System.nanoTime();
    RunResult result =
        AkkaRun.run(
            scenario,
            schedule,
            usedSeed,
            new AkkaRun.Outside(
                AkkaRun.inWorld(world).withFallback(base), () -> System.err.println(again)));
    return report(scenario, result, Optional.empty(), System.nanoTime() - start);
  }

  // A run that was cut.

  private int resumed(Config base, String journal) {
    Path file = RecordedRun.fileOf(Inputs.path(command(), journal));
    if (Files.exists(file) && !Files.isRegularFile(file) && !Files.isDirectory(file)) {
      throw bad(file + ": is no file; what is gone on with is written to");
    }
    if (isEmpty(file)) {
      return again(base, file);
    }
    refuseChanges(file);
    RecordedRun recorded = Inputs.journalToResume(command(), journal);
    Scenario scenario = Inputs.scenario(command(), recorded);
    if (scenarioName != null && !last(scenario.name()).equals(last(scenarioName))) {
      throw bad(file + " is a run of " + scenario.name() + ", not of " + scenarioName);
    }
    // Before anything opens it to write: what is decided otherwise now is not touched.
    if (Replay.of(scenario, recorded) instanceof Replay.Verdict.Diverged diverged) {
      return Divergence.tell(quiet ? command().getErr() : command().getOut(), diverged);
    }
    return journaled(
        scenario,
        Replay.schedule(scenario, recorded.started()),
        recorded.started().seed(),
        new Journal(file, true, base));
  }

  private boolean isGiven(String option) {
    return command().getParseResult().hasMatchedOption(option);
  }

  /** What a run began with it goes on with. */
  private void refuseChanges(Path file) {
    Stream.of(
            "--seed",
            "--schedule",
            "--mode",
            "--revision",
            "--vmm",
            "--guest",
            "--mutation",
            "--without",
            "--swap",
            "--journal")
        .filter(this::isGiven)
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
    Scenario scenario = scenario();
    long usedSeed = seed == null ? scenario.seed() : seed;
    return journaled(
        scenario, schedule(scenario, usedSeed), usedSeed, new Journal(file, true, base));
  }

  // In our journal.

  /**
   * Where a run is journaled.
   *
   * @param goOn with what is there
   */
  private record Journal(Path file, boolean goOn, Config base) {

    /** Whether there is an entry to go on from. */
    boolean hasEntry() {
      try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
        int octet = in.read();
        while (octet >= 0 && octet != '\n') {
          octet = in.read();
        }
        return octet >= 0;
      } catch (IOException _) {
        return false;
      }
    }

    long bytes() {
      try {
        return Files.size(file);
      } catch (IOException _) {
        return 0;
      }
    }

    String goesOn() {
      return "go on with: faultline run --resume " + file;
    }
  }

  private int journaled(Scenario scenario, Schedule schedule, long usedSeed, Journal journal) {
    long before = journal.bytes();
    Runnable stopped =
        () ->
            System.err.println(
                journal.hasEntry()
                    ? "stopped; " + journal.goesOn()
                    : "stopped before the first entry was written");
    AkkaRun.JournalAt at =
        new AkkaRun.JournalAt(journal.file(), journal.goOn(), sync == null ? "100ms" : sync);
    long start = System.nanoTime();
    RunResult result =
        AkkaRun.run(
            scenario, schedule, usedSeed, new AkkaRun.Outside(at.over(journal.base()), stopped));
    long elapsed = System.nanoTime() - start;
    int exit = report(scenario, result, Optional.of(journal.file()), elapsed);
    // Where nothing was added, the next attempt would fail as this one did; what is added while
    // another process writes the journal is not ours.
    boolean began = result instanceof RunResult.Failed(String _, boolean writes) && writes;
    if (began && journal.bytes() > before && journal.hasEntry()) {
      command().getErr().println(journal.goesOn());
    }
    return exit;
  }

  private int report(Scenario scenario, RunResult result, Optional<Path> file, long elapsedNanos) {
    PrintWriter err = command().getErr();
    RunReport report = new RunReport(command(), scenario, quiet, file);
    return switch (result) {
      case RunResult.Ended ended -> report.ended(ended, elapsedNanos);
      case RunResult.Stopped stopped -> report.stopped(stopped, elapsedNanos);
      case RunResult.Failed(String reason, boolean _) -> {
        err.println("faultline: " + reason);
        yield ExitCode.BROKEN;
      }
      case RunResult.Bug(String reason) -> {
        err.println("faultline: internal error: " + reason);
        yield ExitCode.BROKEN;
      }
    };
  }
}
