package dev.faultline.scenario;

import dev.faultline.explore.Bounds;
import dev.faultline.explore.Explorer;
import dev.faultline.explore.Reductions;
import dev.faultline.explore.Report;
import dev.faultline.explore.Verdict;
import dev.faultline.protocol.design.Revision;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * What notices if a line of a revision is missing, or two acts change places: every single change
 * is explored in every scenario.
 *
 * @param scenarios names of those that are explored
 * @param load a scenario with a change of its revision; empty if it makes no sense with it
 */
public record Guards(
    List<String> scenarios, Function<Change, Optional<Scenario>> load, int workers, Bounds bounds) {

  public Guards {
    scenarios = List.copyOf(scenarios);
  }

  /** A change of the revision in a scenario; without one, the scenario as it is. */
  public record Change(String scenario, Optional<SingleMutation> mutation) {}

  /** What notices a change. */
  public sealed interface Notice {

    /** A property breaks, or somebody is stuck: by its name. */
    record Property(String name, String scenario, int steps) implements Notice {}

    /** No property breaks, but a scenario ends in other ways. */
    record OtherEnds(String scenario) implements Notice {}

    /** Nothing at all. */
    record Nothing() implements Notice {}

    /** Not everything was searched. */
    record NotKnown(String scenario, String why) implements Notice {}

    /** A list of acts that makes no sense. */
    record NoSense() implements Notice {}
  }

  /**
   * What was noticed of a change.
   *
   * @param states seen in all scenarios
   */
  public record Guarded(SingleMutation mutation, Notice notice, long states) {}

  /** Explores every change; each is told as it comes. */
  public List<Guarded> of(Revision revision, Explorer.Watcher watcher) {
    SortedMap<String, SortedSet<String>> ends = new TreeMap<>();
    List<Guarded> all = new ArrayList<>();
    for (SingleMutation mutation : SingleMutation.of(revision)) {
      if (watcher.stops()) {
        break;
      }
      all.add(guarded(mutation, ends, watcher));
    }
    return all;
  }

  private Guarded guarded(
      SingleMutation mutation,
      SortedMap<String, SortedSet<String>> ends,
      Explorer.Watcher watcher) {
    long states = 0;
    Optional<Notice> notKnown = Optional.empty();
    List<Scenario> loaded = new ArrayList<>();
    for (String name : scenarios) {
      Optional<Scenario> scenario = load.apply(new Change(name, Optional.of(mutation)));
      if (scenario.isEmpty()) {
        return new Guarded(mutation, new Notice.NoSense(), states);
      }
      loaded.add(scenario.get());
      Report report =
          Exploration.of(scenario.get())
              .verdict()
              .explore(workers, Reductions.ALL, bounds, watcher);
      states += report.states();
      switch (report.verdict()) {
        case Verdict.Broken broken -> {
          return new Guarded(
              mutation,
              new Notice.Property(broken.property(), name, broken.trace().length()),
              states);
        }
        case Verdict.Stuck stuck -> {
          return new Guarded(
              mutation,
              new Notice.Property("EveryRequestIsAnswered", name, stuck.trace().length()),
              states);
        }
        case Verdict.Vacuous vacuous -> {
          return new Guarded(
              mutation, new Notice.Property(vacuous.missing().getFirst(), name, 0), states);
        }
        case Verdict.Bounded bounded ->
            notKnown = Optional.of(new Notice.NotKnown(name, bounded.why()));
        case Verdict.Holds _, Verdict.Found _ -> {}
      }
    }
    if (notKnown.isPresent()) {
      return new Guarded(mutation, notKnown.get(), states);
    }
    for (int index = 0; index < loaded.size(); index++) {
      String name = scenarios.get(index);
      SortedSet<String> before =
          ends.computeIfAbsent(
              name,
              _ ->
                  load.apply(new Change(name, Optional.empty()))
                      .map(scenario -> ends(scenario, watcher))
                      .orElseGet(TreeSet::new));
      if (!ends(loaded.get(index), watcher).equals(before)) {
        return new Guarded(mutation, new Notice.OtherEnds(name), states);
      }
    }
    return new Guarded(mutation, new Notice.Nothing(), states);
  }

  private SortedSet<String> ends(Scenario scenario, Explorer.Watcher watcher) {
    SortedSet<String> ends = new TreeSet<>();
    Exploration.of(scenario)
        .outcomes()
        .explore(workers, Reductions.NONE, bounds, watcher)
        .endings()
        .forEach(ending -> ends.add(((End) ending.what()).text()));
    return ends;
  }
}
