package dev.faultline.testing;

import dev.faultline.property.Views;
import dev.faultline.protocol.message.Result;
import dev.faultline.scenario.Expected;
import dev.faultline.scenario.Scenario;
import dev.faultline.world.Script;
import dev.faultline.world.Step;
import dev.faultline.world.World;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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
