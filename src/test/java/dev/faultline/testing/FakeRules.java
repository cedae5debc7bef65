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
import java.util.Random;
import java.util.stream.IntStream;

/**
 * A model of a few cells and rules drawn by chance: where two cells hold this, two others come to
 * hold that. Some of them go round, by one cell or by several together.
 *
 * @param size how many cells there are
 * @param rules what can be done, each by an actor of its own
 */
public record FakeRules(int size, List<Rule> rules) implements Model {

  /** What a cell holds, or comes to hold. */
  public record Cell(int number, int value) {}

  /** Where cells hold this, others come to hold that. */
  public record Rule(List<Cell> where, List<Cell> then) {}

  private static final int VALUES = 3;

  private static Slot<Integer> slot(int number) {
    return new Slot<>("cell", number, 0);
  }

  /** Draws one. */
  public static FakeRules draw(Random random) {
    int size = 1 + random.nextInt(4);
    List<Rule> rules = new ArrayList<>();
    int count = 2 + random.nextInt(8);
    for (int rule = 0; rule < count; rule++) {
      rules.add(new Rule(cells(random, size, 2), cells(random, size, 1 + random.nextInt(2))));
    }
    return new FakeRules(size, List.copyOf(rules));
  }

  private static List<Cell> cells(Random random, int size, int count) {
    return IntStream.range(0, count)
        .mapToObj(_ -> new Cell(random.nextInt(size), random.nextInt(VALUES)))
        .toList();
  }

  /** Does what one rule allows. */
  private record Follower(Rule rule) implements Actor {
    @Override
    public String party() {
      return rule.toString();
    }

    @Override
    public void act(Sight sight, Moves moves) {
      if (rule.where().stream().allMatch(cell -> sight.get(slot(cell.number())) == cell.value())) {
        Moves.Change change = moves.to(rule);
        rule.then().forEach(cell -> change.set(slot(cell.number()), cell.value()));
      }
    }
  }

  @Override
  public List<Slot<?>> slots() {
    List<Slot<?>> slots = new ArrayList<>();
    for (int number = 0; number < size; number++) {
      slots.add(slot(number));
    }
    return slots;
  }

  @Override
  public List<Actor> actors(Collection<Slot<?>> known) {
    return rules.stream().<Actor>map(Follower::new).toList();
  }

  @Override
  public List<Promise> promises() {
    return List.of();
  }

  @Override
  public List<String> waiting(Sight sight) {
    return List.of();
  }
}
