package dev.faultline.scenario;

import dev.faultline.explore.Explorer;
import dev.faultline.explore.Goal;
import dev.faultline.explore.Sight;
import dev.faultline.explore.world.WorldModel;
import dev.faultline.property.Properties;
import dev.faultline.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;

/** All interleavings of a scenario, as something to explore. */
public final class Exploration {

  private final Scenario scenario;
  private final WorldModel model;
  private final List<Goal> goals = new ArrayList<>();
  private final SortedSet<String> admitted = new TreeSet<>();

  private Exploration(Scenario scenario) {
    this.scenario = scenario;
    this.model = new WorldModel(World.start(scenario.setup()), Properties.ALL);
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

  /** What is explored. */
  public WorldModel model() {
    return model;
  }

  /** Properties that the scenario or its revision says break: no reason to stop. */
  public Set<String> admitted() {
    return admitted;
  }

  /** The search ends where a world is found in which something is so. */
  public Exploration find(String name, Predicate<World> sought) {
    goals.add(goal(name, sought, true));
    return this;
  }

  private Goal goal(String name, Predicate<World> sought, boolean ends) {
    Function<Sight, Optional<String>> seen =
        sight -> sought.test(model.world(sight)) ? Optional.of(name) : Optional.empty();
    return new Goal(name, seen, ends);
  }

  /** Looks for what breaks a property, and for what else was asked. */
  public Explorer verdict() {
    return new Explorer(model, goals, admitted, Optional.empty());
  }

  /** Lists the ways in which the scenario can end; nothing that breaks is a reason to stop. */
  public Explorer outcomes() {
    SortedSet<String> all = new TreeSet<>(Properties.names());
    all.addAll(model.promises().stream().flatMap(each -> each.properties().stream()).toList());
    return new Explorer(model, goals, all, Optional.of(sight -> End.of(model.world(sight))));
  }

  public Scenario scenario() {
    return scenario;
  }
}
