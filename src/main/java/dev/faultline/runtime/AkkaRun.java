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
import dev.faultline.journal.JournalEntry;
import dev.faultline.scenario.Run;
import dev.faultline.scenario.Scenario;
import dev.faultline.world.Schedule;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs a scenario on Akka, from the start or from where its journal ends. */
public final class AkkaRun {

  private static final String PLUGIN = "akka.persistence.journal.plugin";

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
              sync));
    }
  }

  /** Runs with the journal of this project. */
  public static RunResult run(Scenario scenario, Schedule schedule, long seed, JournalAt journal) {
    return run(scenario, schedule, seed, journal.over(ConfigFactory.load()));
  }

  /** Names a run in a journal plugin that keeps many: its persistence ids begin with the name. */
  public static Config inWorld(String world) {
    return ConfigFactory.parseMap(Map.of("faultline.world", world));
  }

  /** Runs with whatever journal plugin a configuration names. */
  public static RunResult run(Scenario scenario, Schedule schedule, long seed, Config config) {
    Optional<String> noPlugin = noPlugin(config);
    if (noPlugin.isPresent()) {
      return new RunResult.Failed(noPlugin.get());
    }
    Run start = Run.start(scenario, schedule);
    JournalEntry.WorldStarted started = start.started(seed);
    CompletableFuture<RunResult> result = new CompletableFuture<>();
    ActorSystem<Switchboard.Command> system =
        ActorSystem.create(
            Switchboard.create(
                start, started, config.getString("faultline.world"), result::complete),
            "faultline",
            setup(config));
    system
        .getWhenTerminated()
        .whenComplete((_, _) -> result.complete(new RunResult.Failed("the actor system ended")));
    try {
      return result.get();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return new RunResult.Failed("interrupted");
    } catch (ExecutionException bug) {
      return new RunResult.Bug(String.valueOf(bug.getMessage()));
    } finally {
      terminate(system);
    }
  }

  /**
   * That the journal plugin has no settings, if it has none; Akka would say so late, and in vain.
   */
  static Optional<String> noPlugin(Config config) {
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
