package dev.faultline.runtime;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.ChildFailed;
import akka.actor.typed.Terminated;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.persistence.typed.EventRejectedException;
import dev.faultline.journal.JournalEntry;
import dev.faultline.journal.JournalEntry.StepTaken;
import dev.faultline.journal.JournalEntry.WorldEnded;
import dev.faultline.journal.JournalEntry.WorldStarted;
import dev.faultline.journal.file.JournalDamaged;
import dev.faultline.journal.file.JournalFailure;
import dev.faultline.protocol.Decider;
import dev.faultline.protocol.Event;
import dev.faultline.protocol.PartyState;
import dev.faultline.protocol.message.Message;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.scenario.Run;
import dev.faultline.world.ChannelFull;
import dev.faultline.world.Parties;
import dev.faultline.world.Step;
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

    /**
     * A party has replayed its entries.
     *
     * @param wrong the first one that cannot be its own
     * @param state that it has come to
     */
    record Recovered(
        PartyId party, List<StepTaken> entries, Optional<WrongEntry> wrong, Object state)
        implements Command {}

    /** The world's own entries are replayed. */
    record WorldRecovered(List<JournalEntry> entries) implements Command {}

    /** An entry is in the journal. */
    record Journaled(JournalEntry entry) implements Command {}

    /** A party's own state. */
    record StateTold(PartyId party, Object state) implements Command {}
  }

  private final long steps;
  private final Consumer<RunResult> end;
  private final WorldStarted started;
  private final ActorRef<WorldActor.Write> world;
  private final SortedMap<PartyId, ActorRef<DeciderActor.Command>> actors = new TreeMap<>();
  private final SortedMap<PartyId, Object> told = new TreeMap<>();
  private final List<StepTaken> replayed = new ArrayList<>();
  private final List<WrongEntry> wrong = new ArrayList<>();

  private Run run;
  private Optional<Run> ahead = Optional.empty();
  private Optional<List<JournalEntry>> worldEntries = Optional.empty();
  private int waiting;
  private long recovered;
  private boolean began;
  private Optional<RunResult> finished = Optional.empty();
  private String finishedWhen = "";
  private boolean over;

  private Switchboard(
      ActorContext<Command> context,
      Run start,
      WorldStarted started,
      Place place,
      Consumer<RunResult> end) {
    super(context);
    this.run = start;
    this.started = started;
    this.steps = place.steps();
    this.end = end;
    String name = place.name();
    this.world =
        context.spawn(WorldActor.create(context.getSelf(), id(name, WorldActor.ID)), WorldActor.ID);
    context.watch(world);
    Parties.of(start.scenario().setup())
        .forEach((party, decider) -> actors.put(party, spawn(context, name, party, decider)));
    this.waiting = actors.size() + 1;
  }

  /**
   * What a world is given besides its scenario.
   *
   * @param name where a journal keeps many worlds; otherwise empty
   * @param steps that it may take in all, at least 1; then it is stopped
   */
  record Place(String name, long steps) {}

  static Behavior<Command> create(
      Run start, WorldStarted started, Place place, Consumer<RunResult> end) {
    return Behaviors.setup(context -> new Switchboard(context, start, started, place, end));
  }

  /** A persistence id: the party's name, behind the world's where a journal keeps many worlds. */
  static String id(String world, String own) {
    return world.isEmpty() ? own : world + "/" + own;
  }

  private <S extends PartyState, M extends Message, E extends Event>
      ActorRef<DeciderActor.Command> spawn(
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
      } catch (WrongEntry told) {
        finish(new RunResult.Failed(told.getMessage(), began));
      } catch (RuntimeException bug) {
        finish(new RunResult.Bug(String.valueOf(bug.getMessage())));
      }
    }
    return this;
  }

  private void handle(Command command) {
    switch (command) {
      case Command.Recovered part -> {
        replayed.addAll(part.entries());
        part.wrong().ifPresent(wrong::add);
        told.put(part.party(), part.state());
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
        compareAndFinish("at the end", new RunResult.Ended(run, ended, recovered));
      }
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
    replayed.forEach(this::replay);
    recovered = replayed.size();
    replayed.clear();
    if (!wrong.isEmpty()) {
      throw wrong.getFirst();
    }
    compareStates("after recovery");
    goOn(worldEntries.orElseThrow());
  }

  /**
   * Follows the journal by a step. It is decided again, so that a journal goes on only as the run
   * that it is the beginning of.
   *
   * @throws WrongEntry if another entry belongs here
   */
  private void replay(StepTaken entry) {
    long expected = run.agenda().step() + 1;
    if (entry.step() != expected) {
      throw new WrongEntry(entry.step(), "stands where entry " + expected + " belongs");
    }
    Step next =
        run.next().orElseThrow(() -> new WrongEntry(expected, "stands where nothing can move"));
    Run.Taken taken;
    try {
      taken = run.take(next);
    } catch (ChannelFull full) {
      throw new WrongEntry(expected, "cannot be: " + full.getMessage());
    }
    if (!taken.entry().equals(entry)) {
      throw new WrongEntry(
          expected, "is not what is decided now; a replay of it shows the difference");
    }
    run = taken.after();
  }

  /**
   * Goes on behind what the journal has.
   *
   * @param own the world's entries: none, the first one, or the first and the last one
   * @throws WrongEntry if they are not this world's
   */
  private void goOn(List<JournalEntry> own) {
    if (own.isEmpty() && recovered == 0) {
      began = true;
      world.tell(new WorldActor.Write(started));
    } else if (own.isEmpty() || !(own.getFirst() instanceof WorldStarted first)) {
      throw new WrongEntry(0, "is missing");
    } else if (!first.equals(started)) {
      throw new WrongEntry(0, another(first));
    } else if (own.size() == 1) {
      began = true;
      nextStep();
    } else {
      JournalEntry last = own.get(1);
      if (run.next().isPresent() && run.channelFull().isEmpty()) {
        throw new WrongEntry(
            last.step(), "ends the run, and step " + (run.agenda().step() + 1) + " can be taken");
      }
      WorldEnded ended = run.ended();
      if (own.size() > 2 || !last.equals(ended)) {
        throw new WrongEntry(last.step(), "ends the run otherwise than it ends now: " + ended);
      }
      finish(new RunResult.Ended(run, ended, recovered));
    }
  }

  private String another(WorldStarted first) {
    String journaled = name(first);
    return journaled.equals(name(started))
        ? "is of the same name, and of other files than this run"
        : "is of " + journaled + "; this run is of " + name(started);
  }

  private static String name(WorldStarted run) {
    return run.scenario() + ", " + run.schedule() + ", seed " + run.seed();
  }

  // Steps.

  private void nextStep() {
    Optional<Step> next = run.next();
    if (next.isEmpty()) {
      world.tell(new WorldActor.Write(run.ended()));
      return;
    }
    Step step = next.get();
    Run.Taken taken;
    try {
      taken = run.take(step);
    } catch (ChannelFull _) {
      world.tell(new WorldActor.Write(run.ended()));
      return;
    }
    if (run.agenda().step() >= steps) {
      compareAndFinish("where it is stopped", new RunResult.Stopped(run, recovered));
      return;
    }
    ahead = Optional.of(taken.after());
    PartyId party = taken.entry().party();
    actors
        .get(party)
        .tell(
            new DeciderActor.Command.Take(
                run.world().stimulus(step),
                run.world().taken(step),
                step.alternative(),
                taken.entry()));
  }

  // The end.

  /** Ends with a result, if the actors agree about what has come of it. */
  private void compareAndFinish(String when, RunResult result) {
    finished = Optional.of(result);
    finishedWhen = when;
    told.clear();
    actors
        .values()
        .forEach(actor -> actor.tell(new DeciderActor.Command.TellState(getContext().getSelf())));
  }

  private void stateTold(PartyId party, Object state) {
    told.put(party, state);
    if (told.size() == actors.size()) {
      compareStates(finishedWhen);
      finish(finished.orElseThrow());
    }
  }

  /** The states that the actors have told are those of the pure world. */
  private void compareStates(String when) {
    told.forEach(
        (party, state) -> {
          Object pure = run.world().state(party);
          if (!pure.equals(state)) {
            throw new Disagreement(
                when + " " + party + " is " + state + "; in the world it is " + pure);
          }
        });
  }

  /** Whatever else makes an actor fail comes from its journal: it cannot be written or replayed. */
  private Behavior<Command> actorFailed(Throwable cause) {
    boolean ours = cause instanceof Disagreement || cause instanceof EventRejectedException;
    finish(ours ? new RunResult.Bug(text(cause)) : new RunResult.Failed(text(cause), began));
    return this;
  }

  /** Our own words, if there are any below; otherwise those of the first cause. */
  static String text(Throwable failure) {
    Throwable first = failure;
    for (Throwable each = failure; each != null; each = each.getCause()) {
      if (each instanceof JournalFailure
          || each instanceof JournalDamaged
          || each instanceof WrongEntry) {
        return String.valueOf(each.getMessage());
      }
      first = each;
    }
    // The message of these is a bare name.
    boolean bare = first.getMessage() == null || first instanceof ReflectiveOperationException;
    return bare ? first.toString() : first.getMessage();
  }

  private void finish(RunResult result) {
    if (!over) {
      over = true;
      end.accept(result);
    }
  }
}
