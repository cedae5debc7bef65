package dev.faultline.testing;

import dev.faultline.explore.Actor;
import dev.faultline.explore.Model;
import dev.faultline.explore.Moves;
import dev.faultline.explore.Promise;
import dev.faultline.explore.Sight;
import dev.faultline.explore.Slot;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Threads of a few steps each, and a bug that shows if the second thread ends while the first is
 * right before one of its steps. Where that is its first step one ordering is needed, else two.
 *
 * @param threads there are, 2 or more
 * @param steps of each
 * @param gap the step of the first thread, from 1
 */
public record FakeThreads(int threads, int steps, int gap) implements Model {

  /** How far a thread is. */
  private static Slot<Integer> at(int thread) {
    return new Slot<>("at", thread, 0);
  }

  /** Whether the second thread ended right there. */
  public static final Slot<Boolean> HIT = new Slot<>("hit", "", false);

  private record Thread(int number, int steps, int gap) implements Actor {
    @Override
    public String party() {
      return "thread " + number;
    }

    @Override
    public void act(Sight sight, Moves moves) {
      int at = sight.get(at(number));
      if (at < steps) {
        Moves.Change change = moves.to("step " + (at + 1) + " of thread " + number);
        change.set(at(number), at + 1);
        if (number == 1 && at + 1 == steps && sight.get(at(0)) == gap - 1) {
          change.set(HIT, true);
        }
      }
    }
  }

  /** The second thread does not end right there. */
  private record NoHit() implements Promise {
    @Override
    public List<String> properties() {
      return List.of("NoHit");
    }

    @Override
    public Optional<Violation> violation(Sight sight) {
      return sight.get(HIT) ? Optional.of(new Violation("NoHit", "it was hit")) : Optional.empty();
    }
  }

  @Override
  public List<Slot<?>> slots() {
    List<Slot<?>> slots = new ArrayList<>(List.of(HIT));
    for (int thread = 0; thread < threads; thread++) {
      slots.add(at(thread));
    }
    return slots;
  }

  @Override
  public List<Actor> actors(Collection<Slot<?>> known) {
    List<Actor> actors = new ArrayList<>();
    for (int thread = 0; thread < threads; thread++) {
      actors.add(new Thread(thread, steps, gap));
    }
    return actors;
  }

  @Override
  public List<Promise> promises() {
    return List.of(new NoHit());
  }

  /** Threads end. */
  @Override
  public List<String> waiting(Sight sight) {
    return List.of();
  }
}
