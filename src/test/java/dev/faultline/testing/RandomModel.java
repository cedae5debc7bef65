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
 * A model that means nothing and is different for each seed: actors read what they read before
 * tells them to, slots show up late, and values grow as long as there are moves left.
 *
 * @param size how many slots are known from the start
 * @param values that a slot can hold
 * @param spread how far apart values are: with few values, far apart, many bits are never used
 * @param steps that all actors take together
 */
public record RandomModel(long seed, int size, int values, int spread, int steps) implements Model {

  private static final Slot<Integer> LEFT = new Slot<>("left", "", 0);

  private static Slot<Integer> cell(int number) {
    return new Slot<>("cell", number, 0);
  }

  private record Late(int number) implements Slot.Grouped {
    @Override
    public Object group() {
      return "late";
    }
  }

  private static Slot<Integer> late(int number) {
    return new Slot<>("late", new Late(number), 0);
  }

  /** What a state in which nobody can move is like. */
  public static Object ending(Sight sight) {
    return sight.get(cell(0)) + sight.get(cell(1)) % 3;
  }

  /** A number that depends on nothing but others. */
  private int mixed(long... of) {
    long mixed = seed * 0x9E3779B97F4A7C15L;
    for (long each : of) {
      mixed = (mixed ^ mixed >>> 29 ^ each) * 0xBF58476D1CE4E5B9L;
    }
    return (int) ((mixed ^ mixed >>> 32) & Integer.MAX_VALUE);
  }

  private int value(long... of) {
    return mixed(of) % values * spread;
  }

  @Override
  public List<Slot<?>> slots() {
    List<Slot<?>> slots = new ArrayList<>();
    slots.add(LEFT);
    for (int number = 0; number < size; number++) {
      slots.add(cell(number));
    }
    return slots;
  }

  @Override
  public void start(Moves.Change first) {
    first.set(LEFT, steps);
    first.set(cell(size - 1), value(1));
  }

  @Override
  public List<Actor> actors(Collection<Slot<?>> known) {
    List<Actor> actors = new ArrayList<>();
    for (int number = 0; number < Math.min(size, 3); number++) {
      actors.add(new Walker(this, number));
    }
    known.stream()
        .filter(slot -> slot.family().equals("late"))
        .map(slot -> ((Late) slot.key()).number())
        .sorted()
        .forEach(number -> actors.add(new Latecomer(number)));
    return actors;
  }

  /** Reads a way through the cells, each telling the next, and changes the last of them. */
  private record Walker(RandomModel model, int number) implements Actor {
    @Override
    public String party() {
      return "walker " + number;
    }

    @Override
    public void act(Sight sight, Moves moves) {
      int left = sight.get(LEFT);
      if (left == 0) {
        return;
      }
      int at = number;
      int found = sight.get(cell(at));
      for (int step = 0; step < model.mixed(number, found) % 3; step++) {
        at = model.mixed(number, step, found) % model.size();
        int bits = 1 + model.mixed(at) % 3;
        found = sight.look(cell(at), value -> value % bits);
      }
      for (int way = 0; way <= model.mixed(number, at, found) % 2; way++) {
        Moves.Change change = moves.to("walk to " + at + " by " + way);
        change.set(LEFT, left - 1);
        change.set(cell(at), model.value(number, at, found, way));
        int late = model.mixed(found, way) % 9;
        if (late < 2) {
          change.set(late(late + left), late + 1);
        }
      }
    }
  }

  /** Comes with a slot that shows up late, and takes what is in it. */
  private record Latecomer(int number) implements Actor {
    @Override
    public String party() {
      return "latecomer " + number;
    }

    @Override
    public void act(Sight sight, Moves moves) {
      int there = sight.get(late(number));
      if (there > 0) {
        moves.to("take " + there).set(late(number), there - 1);
      }
    }
  }

  @Override
  public List<Promise> promises() {
    return List.of(new Never(this, 0), new Never(this, 1));
  }

  /** Some value is in some cell at no time. */
  private record Never(RandomModel model, int number) implements Promise {
    @Override
    public List<String> properties() {
      return List.of("Never" + number);
    }

    @Override
    public Optional<Violation> violation(Sight sight) {
      int cell = model.mixed(number, 77) % model.size();
      int value = model.value(number, 78);
      if (value == 0 || sight.get(LEFT) > 2 || sight.get(cell(cell)) != value) {
        return Optional.empty();
      }
      boolean late =
          sight.known("late").stream()
              .anyMatch(slot -> sight.look(late(((Late) slot.key()).number()), there -> there > 1));
      return late
          ? Optional.empty()
          : Optional.of(new Violation("Never" + number, "cell " + cell + " holds " + value));
    }
  }

  @Override
  public List<String> waiting(Sight sight) {
    return mixed(sight.get(cell(0)), 5) % 50 == 0 ? List.of("somebody") : List.of();
  }
}
