package dev.faultline.runtime;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import akka.persistence.typed.PersistenceId;
import akka.persistence.typed.RecoveryCompleted;
import akka.persistence.typed.javadsl.CommandHandler;
import akka.persistence.typed.javadsl.EventHandler;
import akka.persistence.typed.javadsl.EventSourcedBehavior;
import akka.persistence.typed.javadsl.SignalHandler;
import dev.faultline.journal.EntryLine;
import dev.faultline.journal.JournalEntry;
import java.util.ArrayList;
import java.util.List;

/** Keeps the first and the last entry of a world. */
final class WorldActor
    extends EventSourcedBehavior<WorldActor.Write, JournalEntry, WorldActor.Kept> {

  /** The persistence id of a world's own entries. */
  static final String ID = EntryLine.WORLD;

  /** Write an entry. */
  record Write(JournalEntry entry) {}

  /** What is journaled so far. */
  record Kept(List<JournalEntry> entries) {}

  private final ActorRef<Switchboard.Command> switchboard;

  private WorldActor(ActorRef<Switchboard.Command> switchboard, String id) {
    super(PersistenceId.ofUniqueId(id));
    this.switchboard = switchboard;
  }

  static Behavior<Write> create(ActorRef<Switchboard.Command> switchboard, String id) {
    return Behaviors.setup(context -> new WorldActor(switchboard, id));
  }

  @Override
  public Kept emptyState() {
    return new Kept(List.of());
  }

  @Override
  public SignalHandler<Kept> signalHandler() {
    return newSignalHandlerBuilder()
        .onSignal(
            RecoveryCompleted.instance(),
            kept -> switchboard.tell(new Switchboard.Command.WorldRecovered(kept.entries())))
        .build();
  }

  @Override
  public CommandHandler<Write, JournalEntry, Kept> commandHandler() {
    return (kept, write) ->
        Effect()
            .persist(write.entry())
            .thenRun(() -> switchboard.tell(new Switchboard.Command.Journaled(write.entry())));
  }

  @Override
  public EventHandler<Kept, JournalEntry> eventHandler() {
    return (kept, entry) -> {
      List<JournalEntry> all = new ArrayList<>(kept.entries());
      all.add(entry);
      return new Kept(List.copyOf(all));
    };
  }
}
