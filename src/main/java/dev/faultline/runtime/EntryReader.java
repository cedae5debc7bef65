package dev.faultline.runtime;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.ChildFailed;
import akka.actor.typed.Terminated;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.persistence.typed.PersistenceId;
import akka.persistence.typed.RecoveryCompleted;
import akka.persistence.typed.RecoveryFailed;
import akka.persistence.typed.javadsl.CommandHandler;
import akka.persistence.typed.javadsl.EventHandler;
import akka.persistence.typed.javadsl.EventSourcedBehavior;
import akka.persistence.typed.javadsl.SignalHandler;
import dev.faultline.journal.JournalEntry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Replays the entries of one persistence id, and tells them. */
final class EntryReader extends EventSourcedBehavior<Void, JournalEntry, EntryReader.Count> {

  /** How many entries were replayed. */
  record Count(long entries) {}

  private final List<JournalEntry> entries = new ArrayList<>();
  private final CompletableFuture<List<JournalEntry>> result;

  private EntryReader(String persistenceId, CompletableFuture<List<JournalEntry>> result) {
    super(PersistenceId.ofUniqueId(persistenceId));
    this.result = result;
  }

  /**
   * Read what is in the journal.
   *
   * @param entries is told them, or why they cannot be read
   */
  record Read(String persistenceId, CompletableFuture<List<JournalEntry>> entries) {}

  /** Has whatever it is told read, each by a reader of its own. */
  static Behavior<Read> all() {
    return Behaviors.setup(context -> reading(context, new HashMap<>()));
  }

  private static Behavior<Read> reading(
      ActorContext<Read> context, Map<ActorRef<Void>, Read> readers) {
    return Behaviors.receive(Read.class)
        .onMessage(
            Read.class,
            read -> {
              ActorRef<Void> reader =
                  context.spawnAnonymous(
                      Behaviors.<Void>setup(
                          _ -> new EntryReader(read.persistenceId(), read.entries())));
              context.watch(reader);
              readers.put(reader, read);
              return Behaviors.same();
            })
        // A plugin that cannot be made fails its reader before it recovers.
        .onSignal(
            ChildFailed.class,
            failed -> {
              readers.get(failed.getRef()).entries().completeExceptionally(failed.getCause());
              return Behaviors.same();
            })
        .onSignal(Terminated.class, _ -> Behaviors.same())
        .build();
  }

  @Override
  public Count emptyState() {
    return new Count(0);
  }

  @Override
  public SignalHandler<Count> signalHandler() {
    return newSignalHandlerBuilder()
        .onSignal(RecoveryCompleted.instance(), _ -> result.complete(List.copyOf(entries)))
        .onSignal(
            RecoveryFailed.class, (_, failed) -> result.completeExceptionally(failed.getFailure()))
        .build();
  }

  @Override
  public CommandHandler<Void, JournalEntry, Count> commandHandler() {
    return (count, command) -> Effect().none();
  }

  @Override
  public EventHandler<Count, JournalEntry> eventHandler() {
    return (count, entry) -> {
      entries.add(entry);
      return new Count(count.entries() + 1);
    };
  }
}
