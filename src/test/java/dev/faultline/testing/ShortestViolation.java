package dev.faultline.testing;

import dev.faultline.property.EveryRequestIsAnswered;
import dev.faultline.property.Monitor;
import dev.faultline.property.Property;
import dev.faultline.scenario.Mutation;
import dev.faultline.scenario.Scenario;
import dev.faultline.world.Step;
import dev.faultline.world.Turn;
import dev.faultline.world.World;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Searches all of a small world breadth first for what breaks, and how soon. */
public final class ShortestViolation {

  private ShortestViolation() {}

  /**
   * What a search found.
   *
   * @param states distinct worlds, each with what the properties remember of its past
   * @param start how few steps bring memory to the first view that the scenario states
   * @param shortest for each property that breaks, and for {@link Mutation#STUCK}, in how few steps
   */
  public record Found(int states, int start, SortedMap<String, Integer> shortest) {}

  private record Node(World world, List<Property.Memory> memories) {}

  /** Searches everything. */
  public static Found search(Scenario scenario) {
    World start = World.start(scenario.setup());
    Map<Node, Integer> depths = new LinkedHashMap<>();
    Map<Node, List<Node>> before = new HashMap<>();
    TreeMap<String, Integer> shortest = new TreeMap<>();
    Node first = new Node(start, Monitor.start(scenario.properties(), start).memories());
    Deque<Node> open = new ArrayDeque<>(List.of(first));
    Deque<Node> done = new ArrayDeque<>();
    depths.put(first, 0);
    while (!open.isEmpty()) {
      Node node = open.poll();
      int depth = depths.get(node) + 1;
      Monitor monitor =
          new Monitor(scenario.properties(), node.memories(), new TreeMap<>(), List.of());
      List<Step> steps = node.world().enabled();
      if (steps.isEmpty() && EveryRequestIsAnswered.unanswered(node.world()).isEmpty()) {
        done.add(node);
      }
      for (Step step : steps) {
        Turn turn = node.world().decide(step);
        World world = node.world().apply(turn);
        Monitor after = monitor.after(turn, node.world(), world);
        after.broken().keySet().forEach(property -> shortest.putIfAbsent(property, depth));
        Node next = new Node(world, after.memories());
        before.computeIfAbsent(next, _ -> new ArrayList<>()).add(node);
        if (depths.putIfAbsent(next, depth) == null) {
          open.add(next);
        }
      }
    }
    Set<Node> stuck = new LinkedHashSet<>(depths.keySet());
    done.forEach(node -> stuck.removeAll(reaching(node, before)));
    stuck(stuck, before).ifPresent(node -> shortest.put(Mutation.STUCK, depths.get(node)));
    int began =
        depths.entrySet().stream()
            .filter(entry -> hasBegun(entry.getKey().world()))
            .mapToInt(Map.Entry::getValue)
            .min()
            .orElseThrow();
    return new Found(depths.size(), began, shortest);
  }

  /** Whether the calls that come before a scenario's own lines are over. */
  private static boolean hasBegun(World world) {
    return world.setup().scripts().stream()
        .flatMap(script -> script.lines().stream())
        .filter(line -> line.name().matches("start-[0-9]+"))
        .allMatch(line -> world.result(line.name()).isPresent());
  }

  /** All from which one can come to a node, and itself. */
  private static Set<Node> reaching(Node node, Map<Node, List<Node>> before) {
    Set<Node> reaching = new HashSet<>(Set.of(node));
    Deque<Node> open = new ArrayDeque<>(List.of(node));
    while (!open.isEmpty()) {
      for (Node previous : before.getOrDefault(open.poll(), List.of())) {
        if (reaching.add(previous)) {
          open.add(previous);
        }
      }
    }
    return reaching;
  }

  /**
   * The first world in which nothing can move, or on a circle that is never left. From none of the
   * given worlds does a way lead to one in which every script is at its end.
   */
  private static Optional<Node> stuck(Set<Node> hopeless, Map<Node, List<Node>> before) {
    for (Node node : hopeless) {
      Set<Node> reaching = reaching(node, before);
      Set<Node> later = new HashSet<>(hopeless);
      later.removeIf(other -> !reaching(other, before).contains(node));
      if (reaching.containsAll(later)) {
        return Optional.of(node);
      }
    }
    return Optional.empty();
  }
}
