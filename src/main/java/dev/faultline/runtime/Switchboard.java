package dev.faultline.runtime;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.ChildFailed;
import akka.actor.typed.Terminated;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import dev.faultline.journal.JournalEntry;
import dev.faultline.journal.JournalEntry.StepTaken;
import dev.faultline.journal.JournalEntry.WorldEnded;
import dev.faultline.journal.JournalEntry.WorldStarted;
import dev.faultline.protocol.Decider;
import dev.faultline.protocol.Event;
import dev.faultline.protocol.Stimulus;
import dev.faultline.protocol.message.Endpoint;
import dev.faultline.protocol.message.Message;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.TaskId;
import dev.faultline.scenario.Run;
import dev.faultline.world.ChannelFull;
import dev.faultline.world.Envelope;
import dev.faultline.world.Parties;
import dev.faultline.world.Step;
import dev.faultline.world.World;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Hands out the steps of a world, one at a time: step n + 1 only after the entry of step n is in
 * the journal. So the entries are 1..n without a gap, and every prefix of a journal is a consistent
 * cut.
 *
 * <p>It keeps a pure {@link Run} beside the actors, fed from journaled entries only. A party
 * decides on its own state; the two have to agree at every step, and the states at the end.
 */
final class Switchboard extends AbstractBehavior<Switchboard.Command> {

  /** What the switchboard can be told. */
  sealed interface Command {

    /** A party has replayed its entries. */
    record Recovered(PartyId party, List<StepTaken> entries) implements Command {}

    /** The world's own entries are replayed. */
    record WorldRecovered(List<JournalEntry> entries) implements Command {}

    /** An entry is in the journal. */
    record Journaled(JournalEntry entry) implements Command {}

    /** A party decided otherwise than the pure world. */
    record Disagreed(String text) implements Command {}

    /** A party's own state. */
    record StateTold(PartyId party, Object state) implements Command {}
  }

  private final Consumer<RunResult> end;
  private final WorldStarted started;
  private final ActorRef<WorldActor.Write> world;
  private final SortedMap<PartyId, ActorRef<DeciderActor.Command>> actors = new TreeMap<>();
  private final SortedMap<PartyId, Object> told = new TreeMap<>();
  private final List<StepTaken> replayed = new ArrayList<>();

  private Run run;
  private Optional<Run> ahead = Optional.empty();
  private Optional<List<JournalEntry>> worldEntries = Optional.empty();
  private int waiting;
  private long recovered;
  private Optional<WorldEnded> finished = Optional.empty();
  private boolean over;

  private Switchboard(
      ActorContext<Command> context,
      Run start,
      WorldStarted started,
      String name,
      Consumer<RunResult> end) {
    super(context);
    this.run = start;
    this.started = started;
    this.end = end;
    this.world =
        context.spawn(WorldActor.create(context.getSelf(), id(name, WorldActor.ID)), WorldActor.ID);
    context.watch(world);
    Parties.of(start.scenario().setup())
        .forEach((party, decider) -> actors.put(party, spawn(context, name, party, decider)));
    this.waiting = actors.size() + 1;
  }

  static Behavior<Command> create(
      Run start, WorldStarted started, String name, Consumer<RunResult> end) {
    return Behaviors.setup(context -> new Switchboard(context, start, started, name, end));
  }

  /** A persistence id: the party's name, behind the world's where a journal keeps many worlds. */
  static String id(String world, String own) {
    return world.isEmpty() ? own : world + "/" + own;
  }

  private <S, M extends Message, E extends Event> ActorRef<DeciderActor.Command> spawn(
      ActorContext<Command> context, String name, PartyId party, Decider<S, M, E> decider) {
    ActorRef<DeciderActor.Command> actor =
        context.spawn(
            DeciderActor.create(id(name, party.name()), party, decider, context.getSelf()),
            party.name());
    context.watch(actor);
    return actor;
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onSignal(ChildFailed.class, failed -> actorFailed(failed.getCause()))
        .onSignal(Terminated.class, _ -> actorFailed(new IllegalStateException("stopped")))
        .onAnyMessage(this::told)
        .build();
  }

  private Behavior<Command> told(Command command) {
    if (!over) {
      try {
        handle(command);
      } catch (ChannelFull full) {
        finish(new RunResult.Failed(full.getMessage()));
      } catch (RuntimeException bug) {
        finish(new RunResult.Bug(String.valueOf(bug.getMessage())));
      }
    }
    return this;
  }

  private void handle(Command command) {
    switch (command) {
      case Command.Recovered(PartyId _, List<StepTaken> entries) -> {
        replayed.addAll(entries);
        partRecovered();
      }
      case Command.WorldRecovered(List<JournalEntry> entries) -> {
        worldEntries = Optional.of(entries);
        partRecovered();
      }
      case Command.Journaled(WorldStarted _) -> nextStep();
      case Command.Journaled(StepTaken _) -> {
        run = ahead.orElseThrow();
        nextStep();
      }
      case Command.Journaled(WorldEnded ended) -> {
        finished = Optional.of(ended);
        askStates();
      }
      case Command.Disagreed(String text) -> finish(new RunResult.Bug(text));
      case Command.StateTold(PartyId party, Object state) -> stateTold(party, state);
    }
  }

  // Recovery.

  private void partRecovered() {
    waiting--;
    if (waiting > 0) {
      return;
    }
    replayed.sort(Comparator.comparingLong(StepTaken::step));
    for (StepTaken entry : replayed) {
      long expected = run.agenda().step() + 1;
      if (entry.step() != expected) {
        finish(
            new RunResult.Failed(
                "the journal has step " + entry.step() + " where step " + expected + " follows"));
        return;
      }
      Run.Taken taken = run.take(Run.turn(entry));
      if (!taken.entry().equals(entry)) {
        finish(
            new RunResult.Failed(
                "step " + entry.step() + " of the journal does not follow from what is before it"));
        return;
      }
      run = taken.after();
    }
    recovered = replayed.size();
    replayed.clear();
    List<JournalEntry> own = worldEntries.orElseThrow();
    if (own.isEmpty() && recovered == 0) {
      world.tell(new WorldActor.Write(started));
    } else if (own.isEmpty() || !own.getFirst().equals(started)) {
      finish(new RunResult.Failed("the journal does not begin with this world's first entry"));
    } else if (own.getLast() instanceof WorldEnded ended) {
      finished = Optional.of(ended);
      askStates();
    } else {
      nextStep();
    }
  }

  // Steps.

  private void nextStep() {
    Optional<Step> next = run.next();
    if (next.isEmpty()) {
      world.tell(new WorldActor.Write(run.ended()));
      return;
    }
    Step step = next.get();
    Run.Taken taken = run.take(step);
    ahead = Optional.of(taken.after());
    PartyId party = taken.entry().party();
    actors
        .get(party)
        .tell(
            new DeciderActor.Command.Take(
                stimulus(step, taken.entry()),
                run.world()
                    .taken(
                        party,
                        step instanceof Step.Deliver deliver
                            ? Optional.of(deliver.channel())
                            : Optional.empty()),
                alternative(step),
                taken.entry()));
  }

  private Optional<Stimulus<?>> stimulus(Step step, StepTaken entry) {
    return switch (step) {
      case Step.Deliver deliver -> {
        Envelope head = run.world().channels().get(deliver.channel()).getFirst();
        yield Optional.of(
            new Stimulus.Delivered<>(deliver.channel().from(), head.to(), head.message()));
      }
      case Step.Advance advance -> Optional.of(new Stimulus.Advanced<>(advance.task()));
      case Step.Tick tick ->
          entry
              .message()
              .map(
                  message ->
                      new Stimulus.Delivered<>(Endpoint.of(tick.party()), TaskId.NONE, message));
      case Step.Kill _ -> Optional.of(new Stimulus.Killed<>());
    };
  }

  private static int alternative(Step step) {
    return switch (step) {
      case Step.Deliver deliver -> deliver.alternative();
      case Step.Advance advance -> advance.alternative();
      case Step.Tick _, Step.Kill _ -> 0;
    };
  }

  // The end.

  private void askStates() {
    actors
        .values()
        .forEach(actor -> actor.tell(new DeciderActor.Command.TellState(getContext().getSelf())));
  }

  private void stateTold(PartyId party, Object state) {
    told.put(party, state);
    World pure = run.world();
    if (!pure.state(party).equals(state)) {
      finish(new RunResult.Bug("at the end the state of " + party + " is not the world's"));
    } else if (told.size() == actors.size()) {
      finish(new RunResult.Ended(run, finished.orElseThrow(), recovered));
    }
  }

  private Behavior<Command> actorFailed(Throwable cause) {
    if (!over) {
      boolean write = false;
      for (Throwable each = cause; each != null; each = each.getCause()) {
        write |= each instanceof java.io.IOException;
      }
      String text = String.valueOf(cause.getCause() == null ? cause.getMessage() : message(cause));
      finish(write ? new RunResult.Failed(text) : new RunResult.Bug(text));
    }
    return this;
  }

  /** The words of the innermost failure of our own. */
  private static String message(Throwable cause) {
    String text = String.valueOf(cause.getMessage());
    for (Throwable each = cause; each != null; each = each.getCause()) {
      if (each instanceof dev.faultline.journal.file.JournalFailure
          || each instanceof dev.faultline.journal.file.JournalDamaged) {
        return String.valueOf(each.getMessage());
      }
      text = String.valueOf(each.getMessage());
    }
    return text;
  }

  private void finish(RunResult result) {
    if (!over) {
      over = true;
      end.accept(result);
    }
  }
}
