package dev.faultline.conform;

import dev.faultline.protocol.Decided;
import dev.faultline.protocol.Decider;
import dev.faultline.protocol.Decision;
import dev.faultline.protocol.Event;
import dev.faultline.protocol.Outcome;
import dev.faultline.protocol.PartyState;
import dev.faultline.protocol.Send;
import dev.faultline.protocol.Stimulus;
import dev.faultline.protocol.message.Endpoint;
import dev.faultline.protocol.message.Message;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.TaskId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Parties that are driven one call at a time: a call is told to a party, and everything that
 * follows from it happens before the next, as in a trace.
 */
final class Machine {

  /** More steps than any call of a trace takes. */
  private static final int STEPS = 1_000_000;

  private record Member(Decider<PartyState, Message, Event> decider, PartyState state) {}

  private record Letter(Endpoint from, Endpoint to, Message message) {}

  /**
   * What came of a call.
   *
   * @param answers messages to parties that are not on the machine, in order
   * @param reasons why something was refused, in order
   */
  record Told(List<Message> answers, List<String> reasons) {}

  private final SortedMap<PartyId, Member> members = new TreeMap<>();

  Machine copy() {
    Machine copy = new Machine();
    copy.members.putAll(members);
    return copy;
  }

  /** Adds a party in its initial state, or sets up another way one that is there. */
  @SuppressWarnings("unchecked") // a party is told only what its own kind of messages allows
  void put(PartyId party, Decider<?, ? extends Message, ? extends Event> decider) {
    Decider<PartyState, Message, Event> any = (Decider<PartyState, Message, Event>) decider;
    Member old = members.get(party);
    members.put(party, new Member(any, old == null ? any.initialState() : old.state()));
  }

  void remove(PartyId party) {
    members.remove(party);
  }

  Object state(PartyId party) {
    return Objects.requireNonNull(members.get(party), () -> "there is no party " + party).state();
  }

  /** Tells a party something and lets all parties go on until none can. */
  Told tell(PartyId from, PartyId to, Message message) {
    Told told = new Told(new ArrayList<>(), new ArrayList<>());
    Deque<Letter> letters = new ArrayDeque<>();
    letters.add(new Letter(Endpoint.of(from), Endpoint.of(to), message));
    for (int step = 0; step < STEPS; step++) {
      Letter letter = letters.poll();
      if (letter != null) {
        deliver(letter, letters, told);
      } else if (!advance(letters, told)) {
        return told;
      }
    }
    throw new IllegalStateException(message + " does not end");
  }

  private void deliver(Letter letter, Deque<Letter> letters, Told told) {
    if (!members.containsKey(letter.to().party())) {
      told.answers().add(letter.message());
      return;
    }
    decide(
        letter.to().party(),
        new Stimulus.Delivered<>(letter.from(), letter.to().task(), letter.message()),
        letters,
        told);
  }

  private boolean advance(Deque<Letter> letters, Told told) {
    for (Map.Entry<PartyId, Member> member : members.entrySet()) {
      List<TaskId> movable = member.getValue().decider().movable(member.getValue().state());
      if (!movable.isEmpty()) {
        decide(member.getKey(), new Stimulus.Advanced<>(movable.getFirst()), letters, told);
        return true;
      }
    }
    return false;
  }

  private void decide(PartyId party, Stimulus<Message> stimulus, Deque<Letter> letters, Told told) {
    Member member = members.get(party);
    Decided<Event> decided =
        member.decider().decide(member.state(), stimulus, taken(party, letters)::contains);
    if (!(decided instanceof Decision<Event> decision)) {
      throw new IllegalStateException("a choice is open: " + decided);
    }
    PartyState state = member.state();
    for (Event event : decision.events()) {
      state = member.decider().evolve(state, event);
    }
    members.put(party, new Member(member.decider(), state));
    for (Send send : decision.sends()) {
      letters.add(new Letter(new Endpoint(party, send.from()), send.to(), send.message()));
    }
    switch (decision.outcome()) {
      case Outcome.Refused(var errno, String reason) -> told.reasons().add(reason);
      case Outcome.Signalled(String reason) -> told.reasons().add(reason);
      case Outcome.Ignored _, Outcome.Done _ -> {}
    }
  }

  private static List<TaskId> taken(PartyId party, Deque<Letter> letters) {
    List<TaskId> taken = new ArrayList<>();
    for (Letter letter : letters) {
      if (letter.from().party().equals(party)) {
        taken.add(letter.from().task());
      }
      if (letter.to().party().equals(party)) {
        taken.add(letter.to().task());
      }
    }
    return taken;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Machine machine && states().equals(machine.states());
  }

  @Override
  public int hashCode() {
    return states().hashCode();
  }

  private Map<PartyId, Object> states() {
    Map<PartyId, Object> states = new TreeMap<>();
    members.forEach((party, member) -> states.put(party, member.state()));
    return states;
  }
}
