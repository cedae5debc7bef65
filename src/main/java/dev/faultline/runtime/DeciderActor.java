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
import dev.faultline.protocol.Choice;
import dev.faultline.protocol.Decided;
import dev.faultline.protocol.Decider;
import dev.faultline.protocol.Decision;
import dev.faultline.protocol.Event;
import dev.faultline.protocol.Outcome;
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
final class DeciderActor<S, M extends Message, E extends Event>
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
        Optional<Stimulus<?>> stimulus,
        List<TaskId> taken,
        int alternative,
        JournalEntry.StepTaken entry)
        implements Command {}

    /** Tell the state, to be compared at the end of a run. */
    record TellState(ActorRef<Switchboard.Command> to) implements Command {}
  }

  /**
   * The state of a party's actor.
   *
   * @param state of the party
   * @param lastStep the last step that it has journaled
   */
  record State<S>(S state, long lastStep) {}

  private final PartyId party;
  private final Decider<S, M, E> decider;
  private final ActorRef<Switchboard.Command> switchboard;
  private final List<JournalEntry.StepTaken> replayed = new ArrayList<>();
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

  static <S, M extends Message, E extends Event> Behavior<Command> create(
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
              switchboard.tell(new Switchboard.Command.Recovered(party, List.copyOf(replayed)));
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
    JournalEntry.StepTaken entry = take.entry();
    if (entry.step() <= state.lastStep()) {
      return Effect().none();
    }
    Decision<E> decision = decide(state.state(), take);
    boolean same =
        decision.events().equals(entry.events())
            && decision.sends().equals(entry.sends())
            && decision.outcome().equals(entry.outcome());
    if (!same) {
      switchboard.tell(
          new Switchboard.Command.Disagreed(
              "step " + entry.step() + ": " + party + " decides " + decision + ", not " + entry));
      return Effect().none();
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
    Decided<E> decided = decider.decide(state, (Stimulus<M>) take.stimulus().get(), take.taken());
    return switch (decided) {
      case Decision<E> decision -> decision;
      case Choice<E>(List<Choice.Alternative<E>> alternatives) ->
          alternatives.get(take.alternative()).decision();
    };
  }

  @Override
  public EventHandler<State<S>, JournalEntry> eventHandler() {
    return (state, entry) ->
        switch (entry) {
          case JournalEntry.StepTaken step -> {
            if (recovering) {
              replayed.add(step);
            }
            yield new State<>(evolve(state.state(), step.events()), step.step());
          }
          case JournalEntry.WorldStarted _, JournalEntry.WorldEnded _ ->
              throw new IllegalStateException(party + " has an entry of the world: " + entry);
        };
  }

  @SuppressWarnings("unchecked") // an entry of this party holds events of this party
  private S evolve(S state, List<Event> events) {
    S next = state;
    for (Event event : events) {
      next = decider.evolve(next, (E) event);
    }
    return next;
  }
}
