package dev.faultline.runtime;

import akka.actor.typed.ActorSystem;
import com.typesafe.config.Config;
import dev.faultline.journal.EntryLine;
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

    /** The journal has no run of that name. */
    record NoSuchRun() implements Result {}

    /** It cannot be read or written. */
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
    Optional<String> noPlugin = AkkaRun.noPlugin(config);
    if (noPlugin.isPresent()) {
      return new Result.Failed(noPlugin.get());
    }
    try {
      List<Owned> entries = read(config, world);
      if (entries.isEmpty()) {
        return new Result.NoSuchRun();
      }
      check(entries);
      return write(entries, file);
    } catch (WrongEntry | IOException failure) {
      return new Result.Failed(String.valueOf(failure.getMessage()));
    } catch (ExecutionException failure) {
      return new Result.Failed(Switchboard.text(failure));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return new Result.Failed("interrupted");
    }
  }

  /** An entry, and the party that it lies with. */
  private record Owned(String id, JournalEntry entry) {

    boolean isItsOwners() {
      return id.equals(EntryLine.owner(entry));
    }
  }

  /** The entries of a run, by number; none if there is no such run. */
  private static List<Owned> read(Config config, String world)
      throws ExecutionException, InterruptedException {
    ActorSystem<EntryReader.Read> system =
        ActorSystem.create(EntryReader.all(), "faultline-export", AkkaRun.setup(config));
    try {
      List<Owned> entries = new ArrayList<>(read(system, world, WorldActor.ID));
      if (!entries.isEmpty() && entries.getFirst().entry() instanceof WorldStarted started) {
        for (PartyId party : started.parties()) {
          entries.addAll(read(system, world, party.name()));
        }
      }
      entries.sort(Comparator.comparingLong(owned -> owned.entry().step()));
      return entries;
    } finally {
      AkkaRun.terminate(system);
    }
  }

  private static List<Owned> read(ActorSystem<EntryReader.Read> system, String world, String own)
      throws ExecutionException, InterruptedException {
    CompletableFuture<List<JournalEntry>> entries = new CompletableFuture<>();
    system.tell(new EntryReader.Read(Switchboard.id(world, own), entries));
    return entries.get().stream().map(entry -> new Owned(own, entry)).toList();
  }

  /**
   * Whether these are the entries of one run.
   *
   * @throws WrongEntry if one is missing, is there twice, or lies with another party than its own
   */
  private static void check(List<Owned> entries) {
    for (int index = 0; index < entries.size(); index++) {
      Owned owned = entries.get(index);
      long step = owned.entry().step();
      if (step != index) {
        throw new WrongEntry(step, "stands where entry " + index + " belongs");
      }
      if (!owned.isItsOwners() || (index == 0) != (owned.entry() instanceof WorldStarted)) {
        throw new WrongEntry(step, "lies with " + owned.id() + ", where it does not belong");
      }
    }
  }

  private static Result write(List<Owned> entries, Path file) throws IOException {
    TreeMap<String, Long> numbers = new TreeMap<>();
    try (JournalWriter writer = JournalWriter.create(file, new Sync.Every(1000))) {
      for (Owned owned : entries) {
        long number = numbers.merge(owned.id(), 1L, Long::sum);
        writer.append(EntryLine.of(owned.id(), number, owned.entry()));
      }
    }
    return new Result.Written(entries.size());
  }
}
