package dev.faultline.runtime;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import akka.persistence.typed.PersistenceId;
import akka.persistence.typed.RecoveryCompleted;
import akka.persistence.typed.javadsl.CommandHandler;
import akka.persistence.typed.javadsl.Effect;
import akka.persistence.typed.javadsl.EventHandler;
import akka.persistence.typed.javadsl.EventSourcedBehavior;
import akka.persistence.typed.javadsl.SignalHandler;
import dev.faultline.journal.JournalEntry;
import dev.faultline.journal.JournalEntry.StepTaken;
import dev.faultline.protocol.Decider;
import dev.faultline.protocol.Decision;
import dev.faultline.protocol.Event;
import dev.faultline.protocol.Outcome;
import dev.faultline.protocol.PartyState;
import dev.faultline.protocol.Stimulus;
import dev.faultline.protocol.message.Message;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.TaskId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A party as an event-sourced actor: it decides on its own state, persists the step as one entry,
 * and only then tells the switchboard. One class for every party.
 */
final class DeciderActor<S extends PartyState, M extends Message, E extends Event>
    extends EventSourcedBehavior<DeciderActor.Command, JournalEntry, DeciderActor.State<S>> {

  /** What a party's actor can be told. */
  sealed interface Command {

    /**
     * Take a step.
     *
     * @param stimulus what makes the party decide; empty for a line of a script that only waits
     * @param taken task numbers that messages under way name
     * @param alternative which one, where the decision is a choice
     * @param entry the entry as the switchboard's pure world has it: what is persisted, if this
     *     actor decides the same
     */
    record Take(
        Optional<Stimulus<?>> stimulus, List<TaskId> taken, int alternative, StepTaken entry)
        implements Command {}

    /** Tell the state, to be compared at the end of a run. */
    record TellState(ActorRef<Switchboard.Command> to) implements Command {}
  }

  /**
   * The state of a party's actor.
   *
   * @param state of the party
   * @param lastStep the last step that it has journaled; 0 before the first
   */
  record State<S>(S state, long lastStep) {}

  private final PartyId party;
  private final Decider<S, M, E> decider;
  private final ActorRef<Switchboard.Command> switchboard;
  private final List<StepTaken> replayed = new ArrayList<>();
  private Optional<WrongEntry> wrong = Optional.empty();
  private boolean recovering = true;

  private DeciderActor(
      String id,
      PartyId party,
      Decider<S, M, E> decider,
      ActorRef<Switchboard.Command> switchboard) {
    super(PersistenceId.ofUniqueId(id));
    this.party = party;
    this.decider = decider;
    this.switchboard = switchboard;
  }

  static <S extends PartyState, M extends Message, E extends Event> Behavior<Command> create(
      String id,
      PartyId party,
      Decider<S, M, E> decider,
      ActorRef<Switchboard.Command> switchboard) {
    return Behaviors.setup(context -> new DeciderActor<>(id, party, decider, switchboard));
  }

  @Override
  public State<S> emptyState() {
    return new State<>(decider.initialState(), 0);
  }

  @Override
  public SignalHandler<State<S>> signalHandler() {
    return newSignalHandlerBuilder()
        .onSignal(
            RecoveryCompleted.instance(),
            state -> {
              recovering = false;
              switchboard.tell(
                  new Switchboard.Command.Recovered(
                      party, List.copyOf(replayed), wrong, state.state()));
              replayed.clear();
            })
        .build();
  }

  @Override
  public CommandHandler<Command, JournalEntry, State<S>> commandHandler() {
    return (state, command) ->
        switch (command) {
          case Command.Take take -> take(state, take);
          case Command.TellState(ActorRef<Switchboard.Command> to) -> {
            to.tell(new Switchboard.Command.StateTold(party, state.state()));
            yield Effect().none();
          }
        };
  }

  private Effect<JournalEntry, State<S>> take(State<S> state, Command.Take take) {
    StepTaken entry = take.entry();
    if (entry.step() <= state.lastStep()) { // journaled already, and its answer is under way
      return Effect().none();
    }
    Decision<E> decision;
    try {
      decision = decide(state.state(), take);
    } catch (RuntimeException bug) {
      throw new Disagreement(
          "step " + entry.step() + ": " + party + " cannot decide: " + bug.getMessage(), bug);
    }
    boolean same =
        decision.events().equals(entry.events())
            && decision.sends().equals(entry.sends())
            && decision.outcome().equals(entry.outcome());
    if (!same) {
      throw new Disagreement(
          "step " + entry.step() + ": " + party + " decides " + decision + ", not " + entry);
    }
    return Effect()
        .persist((JournalEntry) entry)
        .thenRun(() -> switchboard.tell(new Switchboard.Command.Journaled(entry)));
  }

  @SuppressWarnings("unchecked") // the switchboard sends a party only what it can be told
  private Decision<E> decide(S state, Command.Take take) {
    if (take.stimulus().isEmpty()) {
      return new Decision<>(List.of(), List.of(), new Outcome.Done());
    }
    return decider
        .decide(state, (Stimulus<M>) take.stimulus().get(), take.taken()::contains)
        .decisions()
        .get(take.alternative());
  }

  @Override
  public EventHandler<State<S>, JournalEntry> eventHandler() {
    return (state, entry) -> {
      if (recovering) {
        return replay(state, entry);
      }
      StepTaken step = (StepTaken) entry; // it is from the command handler
      try {
        return new State<>(evolve(state.state(), step), step.step());
      } catch (RuntimeException bug) {
        throw new Disagreement(
            "step " + step.step() + " cannot happen to " + party + ": " + bug.getMessage(), bug);
      }
    };
  }

  /**
   * Follows an entry of the journal. The first wrong one is kept, and what is behind it only
   * counted: another party may have a wrong one before it, which explains this one.
   */
  private State<S> replay(State<S> state, JournalEntry entry) {
    if (!(entry instanceof StepTaken step)) {
      wrong = wrong.or(() -> Optional.of(wrongly(entry, "the world")));
      return state;
    }
    replayed.add(step);
    if (wrong.isEmpty() && !step.party().equals(party)) {
      wrong = Optional.of(wrongly(step, step.party().name()));
    }
    S next = state.state();
    try {
      next = wrong.isEmpty() ? evolve(next, step) : next;
    } catch (RuntimeException impossible) {
      wrong =
          Optional.of(
              new WrongEntry(
                  step.step(), "cannot happen to " + party + ": " + impossible.getMessage()));
    }
    return new State<>(next, step.step());
  }

  private WrongEntry wrongly(JournalEntry entry, String owner) {
    return new WrongEntry(entry.step(), "is " + owner + "'s, and lies with " + party);
  }

  @SuppressWarnings("unchecked") // an entry of this party holds events of this party
  private S evolve(S state, StepTaken step) {
    S next = state;
    for (Event event : step.events()) {
      next = decider.evolve(next, (E) event);
    }
    return next;
  }
}
