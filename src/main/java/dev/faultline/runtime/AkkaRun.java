package dev.faultline.runtime;

import akka.actor.BootstrapSetup;
import akka.actor.setup.ActorSystemSetup;
import akka.actor.typed.ActorSystem;
import akka.serialization.jackson.JacksonObjectMapperFactory;
import akka.serialization.jackson.JacksonObjectMapperProviderSetup;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.faultline.journal.EntryJson;
import dev.faultline.scenario.Run;
import dev.faultline.scenario.Scenario;
import dev.faultline.world.Schedule;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs a scenario on Akka, from the start or from where its journal ends. */
public final class AkkaRun {

  private static final String PLUGIN = "akka.persistence.journal.plugin";

  /** The journal plugin of this project. */
  private static final String OURS = "faultline.journal";

  private static final String STEPS = "faultline.steps";

  private AkkaRun() {}

  /**
   * Where the journal of a run is.
   *
   * @param file the file
   * @param resume go on with it; otherwise it must not be there yet
   * @param sync each, never, or a time such as 100ms
   */
  public record JournalAt(Path file, boolean resume, String sync) {

    /** These settings, and the rest from elsewhere. */
    public Config over(Config base) {
      return config().withFallback(base);
    }

    private Config config() {
      return ConfigFactory.parseMap(
          Map.of(
              "faultline.journal.file",
              file.toString(),
              "faultline.journal.open",
              resume ? "resume" : "create",
              "faultline.journal.sync",
              sync,
              "faultline.world",
              "")); // a file has one world, and its lines name none
    }
  }

  /** Runs with the journal of this project. */
  public static RunResult run(Scenario scenario, Schedule schedule, long seed, JournalAt journal) {
    return run(scenario, schedule, seed, journal.over(ConfigFactory.load()));
  }

  /** Whether a configuration names the journal plugin of this project, or another one. */
  public static boolean writesFile(Config config) {
    return config.getString(PLUGIN).equals(OURS);
  }

  /** Names a run in a journal plugin that keeps many: its persistence ids begin with the name. */
  public static Config inWorld(String world) {
    return ConfigFactory.parseMap(Map.of("faultline.world", world));
  }

  /** Gives a run so many steps in all, those that its journal has already among them. */
  public static Config atMost(long steps) {
    return ConfigFactory.parseMap(Map.of(STEPS, steps));
  }

  /**
   * What a run is given by whoever starts it.
   *
   * @param config names the journal plugin
   * @param stopped is told when the process ends before the run has, and the journal is closed
   */
  public record Outside(Config config, Runnable stopped) {}

  /** Runs with whatever journal plugin a configuration names. */
  public static RunResult run(Scenario scenario, Schedule schedule, long seed, Config config) {
    return run(scenario, schedule, seed, new Outside(config, () -> {}));
  }

  /**
   * Runs until the end, or until the process is told to end. Then the journal is closed, whoever
   * asked is told, and this does not return.
   */
  public static RunResult run(Scenario scenario, Schedule schedule, long seed, Outside outside) {
    Config config = outside.config();
    Optional<String> noPlugin = noPlugin(config);
    if (noPlugin.isPresent()) {
      return new RunResult.Failed(noPlugin.get());
    }
    Run start = Run.start(scenario, schedule);
    CompletableFuture<RunResult> result = new CompletableFuture<>();
    ActorSystem<Switchboard.Command> system =
        ActorSystem.create(
            Switchboard.create(
                start,
                start.started(seed),
                new Switchboard.Place(config.getString("faultline.world"), config.getLong(STEPS)),
                result::complete),
            "faultline",
            setup(config));
    RunResult cut = new RunResult.Failed("the process was told to end");
    Thread atExit =
        new Thread(
            () -> {
              boolean cuts = result.complete(cut);
              terminate(system);
              if (cuts) {
                outside.stopped().run();
              }
            });
    system
        .getWhenTerminated()
        .whenComplete((_, _) -> result.complete(new RunResult.Failed("the actor system ended")));
    boolean ending = !addShutdownHook(atExit);
    try {
      RunResult ended = result.get();
      if (ending || ended == cut) {
        new CountDownLatch(1).await(); // the process ends meanwhile
      }
      return ended;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return new RunResult.Failed("interrupted");
    } catch (ExecutionException bug) {
      return new RunResult.Bug(String.valueOf(bug.getMessage()));
    } finally {
      removeShutdownHook(atExit);
      terminate(system);
    }
  }

  /** False if the process ends already; what would have been done at its end is done now. */
  private static boolean addShutdownHook(Thread atExit) {
    try {
      Runtime.getRuntime().addShutdownHook(atExit);
      return true;
    } catch (IllegalStateException _) {
      atExit.start();
      return false;
    }
  }

  private static void removeShutdownHook(Thread atExit) {
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException _) {
      // The process ends, and the thread runs: it finds that there is a result.
    }
  }

  /**
   * That the journal plugin has no settings, if it has none; Akka would say so late, and in vain.
   */
  public static Optional<String> noPlugin(Config config) {
    String plugin = config.getString(PLUGIN);
    return config.hasPath(plugin)
        ? Optional.empty()
        : Optional.of(PLUGIN + " is " + plugin + ", and there are no settings of that name");
  }

  /** What an actor system of ours is made with: the configuration, and the JSON of entries. */
  static ActorSystemSetup setup(Config config) {
    return ActorSystemSetup.create(
        BootstrapSetup.create(config),
        JacksonObjectMapperProviderSetup.create(
            new JacksonObjectMapperFactory() {
              @Override
              public ObjectMapper newObjectMapper(String bindingName, JsonFactory factory) {
                return EntryJson.mapper();
              }
            }));
  }

  static void terminate(ActorSystem<?> system) {
    system.terminate();
    try {
      system.getWhenTerminated().toCompletableFuture().get(10, TimeUnit.SECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException _) {
      // Its journal is synced as far as it could be; there is nothing left to wait for.
    }
  }
}
