package dev.faultline.testing;

import dev.faultline.property.EveryRequestIsAnswered;
import dev.faultline.property.Monitor;
import dev.faultline.property.Properties;
import dev.faultline.property.Property;
import dev.faultline.property.Views;
import dev.faultline.protocol.message.Result;
import dev.faultline.scenario.End;
import dev.faultline.scenario.Expected;
import dev.faultline.scenario.Scenario;
import dev.faultline.world.Script;
import dev.faultline.world.Step;
import dev.faultline.world.Turn;
import dev.faultline.world.World;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/** Goes through all interleavings of a small world, as plainly as can be: a set of worlds. */
public final class NaiveExplorer {

  private NaiveExplorer() {}

  /**
   * What a search found.
   *
   * @param states distinct worlds
   * @param ends every way in which the scripts other than the VMM's can end, with the views at the
   *     end
   */
  public record Found(int states, Set<String> ends) {}

  /** Searches breadth first; a world in which nothing can move is an end. */
  public static Found explore(Scenario scenario) {
    return explore(scenario, NaiveExplorer::end);
  }

  /** The same, with another word for how a world ended. */
  public static Found explore(Scenario scenario, Function<World, String> end) {
    World start = World.start(scenario.setup());
    Set<World> seen = new HashSet<>(Set.of(start));
    Deque<World> open = new ArrayDeque<>(List.of(start));
    Set<String> ends = new TreeSet<>();
    while (!open.isEmpty()) {
      World world = open.poll();
      List<Step> steps = world.enabled();
      if (steps.isEmpty()) {
        ends.add(end.apply(world));
      }
      for (Step step : steps) {
        World next = world.step(step);
        if (seen.add(next)) {
          open.add(next);
        }
      }
    }
    return new Found(seen.size(), ends);
  }

  /**
   * What a search found that looked at all properties.
   *
   * @param states distinct worlds, with what properties remember
   * @param ends the ways in which it can end, in the words that {@link End} lists them by
   * @param broken the properties that break somewhere
   */
  public record Checked(int states, Set<String> ends, Set<String> broken) {}

  private record Node(World world, List<Property.Memory> memories) {}

  /** Searches breadth first, and checks every property in every world. */
  public static Checked check(Scenario scenario) {
    World start = World.start(scenario.setup());
    Node first = new Node(start, Monitor.start(scenario.properties(), start).memories());
    Set<Node> seen = new HashSet<>(Set.of(first));
    Deque<Node> open = new ArrayDeque<>(List.of(first));
    Set<String> ends = new TreeSet<>();
    Set<String> broken = new TreeSet<>();
    while (!open.isEmpty()) {
      Node node = open.poll();
      List<Step> steps = node.world().enabled();
      if (steps.isEmpty()) {
        ends.add(End.of(node.world()).text());
        if (!EveryRequestIsAnswered.unanswered(node.world()).isEmpty()) {
          broken.add(Properties.EVENTUALLY);
        }
      }
      Monitor before =
          new Monitor(scenario.properties(), node.memories(), new TreeMap<>(), List.of());
      for (Step step : steps) {
        Turn turn = node.world().decide(step);
        World next = node.world().apply(turn);
        Monitor after = before.after(turn, node.world(), next);
        broken.addAll(after.broken().keySet());
        Node reached = new Node(next, after.memories());
        if (seen.add(reached)) {
          open.add(reached);
        }
      }
    }
    return new Checked(seen.size(), ends, broken);
  }

  private static String end(World world) {
    StringBuilder text = new StringBuilder();
    for (Script script : world.setup().scripts()) {
      if (!script.party().name().equals("vmm")) {
        text.append(text.isEmpty() ? "" : " | ");
        text.append(
            String.join(
                ",",
                world.scripts().get(script.party()).results().stream()
                    .map(NaiveExplorer::word)
                    .toList()));
      }
    }
    text.append("   ");
    for (long page = 0; page < world.setup().pageCount(); page++) {
      text.append(Views.isPrivate(world, page) ? "P" : "S");
    }
    return text.toString();
  }

  private static String word(Result result) {
    return Expected.word(result).replace(" at page ", "@");
  }
}
