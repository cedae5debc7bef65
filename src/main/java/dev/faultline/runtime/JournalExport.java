package dev.faultline.runtime;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import com.typesafe.config.Config;
import dev.faultline.journal.JournalEntry;
import dev.faultline.journal.JournalEntry.WorldStarted;
import dev.faultline.journal.file.JournalWriter;
import dev.faultline.journal.file.Sync;
import dev.faultline.protocol.message.PartyId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * Reads a run out of whatever journal plugin is configured, by persistence id, and writes it as the
 * file that this project's own plugin would have written.
 */
public final class JournalExport {

  private JournalExport() {}

  /** How an export ended. */
  public sealed interface Result {

    /** It is written. */
    record Written(long entries) implements Result {}

    /** There is no such run, or it cannot be read or written. */
    record Failed(String reason) implements Result {}
  }

  /**
   * Exports a run.
   *
   * @param config with the plugin
   * @param world the run's name in it
   * @param file must not be there yet
   */
  public static Result export(Config config, String world, Path file) {
    try {
      List<JournalEntry> own = read(config, Switchboard.id(world, WorldActor.ID));
      if (own.isEmpty() || !(own.getFirst() instanceof WorldStarted started)) {
        return new Result.Failed("the journal has no run of the name \"" + world + "\"");
      }
      List<Owned> entries = new ArrayList<>();
      for (JournalEntry entry : own) {
        entries.add(new Owned(WorldActor.ID, entry));
      }
      for (PartyId party : started.parties()) {
        for (JournalEntry entry : read(config, Switchboard.id(world, party.name()))) {
          entries.add(new Owned(party.name(), entry));
        }
      }
      entries.sort(Comparator.comparingLong(owned -> owned.entry().step()));
      Optional<String> gap = gap(entries);
      return gap.isPresent() ? new Result.Failed(gap.get()) : write(entries, file);
    } catch (ExecutionException failure) {
      return new Result.Failed(String.valueOf(failure.getCause().getMessage()));
    } catch (IOException failure) {
      return new Result.Failed(String.valueOf(failure.getMessage()));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return new Result.Failed("interrupted");
    }
  }

  /** An entry, and the party that wrote it. */
  private record Owned(String id, JournalEntry entry) {}

  private static Optional<String> gap(List<Owned> entries) {
    for (int index = 0; index < entries.size(); index++) {
      long step = entries.get(index).entry().step();
      if (step != index) {
        return Optional.of("the run has entry " + step + " where entry " + index + " belongs");
      }
    }
    return Optional.empty();
  }

  private static Result write(List<Owned> entries, Path file) throws IOException {
    TreeMap<String, Long> numbers = new TreeMap<>();
    try (JournalWriter writer = JournalWriter.create(file, new Sync.Every(1000))) {
      for (Owned owned : entries) {
        long number = numbers.merge(owned.id(), 1L, Long::sum);
        writer.append(
            dev.faultline.runtime.persistence.EntryLine.of(owned.id(), number, owned.entry()));
      }
    }
    return new Result.Written(entries.size());
  }

  /** The entries of one persistence id, replayed by an actor that does nothing else. */
  private static List<JournalEntry> read(Config config, String persistenceId)
      throws ExecutionException, InterruptedException {
    CompletableFuture<List<JournalEntry>> result = new CompletableFuture<>();
    ActorSystem<Void> system =
        ActorSystem.create(
            Behaviors.setup(
                context -> {
                  context.watch(context.spawn(EntryReader.create(persistenceId, result), "reader"));
                  return Behaviors.<Void>receive(Void.class)
                      .onSignal(
                          akka.actor.typed.ChildFailed.class,
                          failed -> {
                            result.completeExceptionally(failed.getCause());
                            return Behaviors.same();
                          })
                      .build();
                }),
            "faultline-export",
            AkkaRun.setup(config));
    try {
      return result.get();
    } finally {
      AkkaRun.terminate(system);
    }
  }
}
