package dev.faultline.scenario;

import dev.faultline.explore.Explorer;
import dev.faultline.explore.Goal;
import dev.faultline.explore.Sampler;
import dev.faultline.explore.Sight;
import dev.faultline.explore.world.InTheEnd;
import dev.faultline.explore.world.WorldModel;
import dev.faultline.property.Properties;
import dev.faultline.property.expression.Promise;
import dev.faultline.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;

/** All interleavings of a scenario, as something to explore. */
public final class Exploration {

  /** What is sought. */
  private record Sought(String name, Predicate<World> what) {}

  private final Scenario scenario;
  private final List<Sought> sought = new ArrayList<>();
  private final SortedSet<String> admitted = new TreeSet<>();

  private Exploration(Scenario scenario) {
    this.scenario = scenario;
    admitted.addAll(scenario.setup().revision().breaks());
    for (Expectation expectation : scenario.expectations()) {
      if (expectation instanceof Expectation.Breaks breaks) {
        admitted.add(breaks.property());
      }
    }
  }

  public static Exploration of(Scenario scenario) {
    return new Exploration(scenario);
  }

  /** The search ends where a world is found in which something is so. */
  public Exploration find(String name, Predicate<World> what) {
    sought.add(new Sought(name, what));
    return this;
  }

  private WorldModel model(boolean named) {
    List<InTheEnd> inTheEnd =
        scenario.promises().stream()
            .filter(promise -> promise instanceof Promise.Eventually)
            .map(promise -> new InTheEnd(promise.name(), Optional.empty(), promise::isSeen))
            .toList();
    return new WorldModel(World.start(scenario.setup()), scenario.properties(), inTheEnd, named);
  }

  private static Goal goal(WorldModel model, Sought sought) {
    Function<Sight, Optional<String>> seen =
        sight ->
            sought.what().test(model.world(sight)) ? Optional.of(sought.name()) : Optional.empty();
    return new Goal(sought.name(), seen, true);
  }

  private List<Goal> goals(WorldModel model) {
    List<Goal> goals = new ArrayList<>();
    sought.forEach(each -> goals.add(goal(model, each)));
    for (Promise promise : scenario.promises()) {
      if (promise instanceof Promise.Sometimes) {
        goals.add(
            new Goal(
                promise.name(),
                sight ->
                    promise.isSeen(model.world(sight))
                        ? Optional.of(promise.text())
                        : Optional.empty(),
                false));
      }
    }
    return goals;
  }

  private boolean isNamed() {
    return !sought.isEmpty() || !scenario.promises().isEmpty();
  }

  /** Looks for what breaks a property, and for what else was asked. */
  public Explorer verdict() {
    return verdict(false);
  }

  /**
   * The same.
   *
   * @param coverage whether it is counted what is seen of the design
   */
  public Explorer verdict(boolean coverage) {
    WorldModel model = model(isNamed());
    return new Explorer(
        model,
        goals(model),
        admitted,
        Optional.empty(),
        coverage ? Optional.of(model.aspects()) : Optional.empty());
  }

  /**
   * Walks instead of searching everything.
   *
   * @param coverage whether it is counted what is seen of the design
   */
  public Sampler sampler(boolean coverage) {
    WorldModel model = model(true);
    return new Sampler(
        model,
        goals(model),
        admitted,
        Optional.empty(),
        coverage ? Optional.of(model.aspects()) : Optional.empty());
  }

  /** Lists the ways in which the scenario can end; nothing that breaks is a reason to stop. */
  public Explorer outcomes() {
    WorldModel model = model(true);
    SortedSet<String> all = new TreeSet<>(Properties.names());
    model.promises().forEach(promise -> all.addAll(promise.properties()));
    return new Explorer(model, List.of(), all, Optional.of(sight -> End.of(model.world(sight))));
  }
}
