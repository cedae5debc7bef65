package dev.faultline.explore;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** A state as a map of slots to values, for what happens once: no numbers, nothing remembered. */
final class PlainState implements Sight {

  private final Map<Slot<?>, Object> values = new LinkedHashMap<>();

  /** The first state of a model. */
  PlainState(Model model) {
    model.slots().forEach(slot -> values.put(slot, slot.initial()));
    model.start(
        new Moves.Change() {
          @Override
          public <T> void set(Slot<T> slot, T value) {
            values.put(slot, value);
          }
        });
  }

  @Override
  @SuppressWarnings("unchecked") // a slot holds what was put into it as a T
  public <T> T get(Slot<T> slot) {
    Object value = values.get(slot);
    return value == null ? slot.initial() : (T) value;
  }

  @Override
  public <T, P> P look(Slot<T> slot, Function<? super T, P> look) {
    return look.apply(get(slot));
  }

  @Override
  public Collection<Slot<?>> known(Object group) {
    return Slot.of(group, values.keySet());
  }

  /** Lets an actor act in one of its ways; what it did. */
  Trace.Move act(Actor actor, int outcome) {
    Outcomes.Recorded recorded = new Outcomes.Recorded();
    actor.act(this, recorded);
    Outcomes.Recorded.Move move = recorded.moves.get(outcome);
    values.putAll(move.values());
    return new Trace.Move(actor.party(), move.label());
  }

  /** Steps that were taken from the first state, by name. */
  static Trace trace(Model model, List<Taken> path) {
    PlainState state = new PlainState(model);
    return new Trace(path.stream().map(step -> state.act(step.actor(), step.outcome())).toList());
  }

  /** A step that was taken: who acted, and in which of the ways to act. */
  record Taken(Actor actor, int outcome) {}
}
