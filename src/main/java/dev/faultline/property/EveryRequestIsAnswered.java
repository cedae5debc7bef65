package dev.faultline.property;

import dev.faultline.world.Await;
import dev.faultline.world.Script;
import dev.faultline.world.ScriptLine;
import dev.faultline.world.World;
import java.util.ArrayList;
import java.util.List;

/**
 * V03 of the protocol: each request is answered, or reported as blocked, before the run ends.
 * Checked where nothing can move any more.
 */
public final class EveryRequestIsAnswered {

  private EveryRequestIsAnswered() {}

  /** Who waits for what, in a world in which nothing can move; empty if all is answered. */
  public static List<String> unanswered(World world) {
    List<String> waiting = new ArrayList<>();
    for (Script script : world.setup().scripts()) {
      var state = world.scripts().get(script.party());
      if (state.running()) {
        ScriptLine line = script.lines().get(state.at());
        waiting.add(script.party() + "'s " + line.name() + " is not answered");
      } else {
        world
            .nextLine(script)
            .ifPresent(
                line ->
                    waiting.add(
                        script.party()
                            + "'s "
                            + line.name()
                            + " waits for what never comes: "
                            + String.join(
                                ", ",
                                line.awaits().stream()
                                    .filter(await -> !world.holds(await))
                                    .map(EveryRequestIsAnswered::text)
                                    .toList())));
      }
    }
    return waiting;
  }

  private static String text(Await await) {
    return switch (await) {
      case Await.Ended(String name) -> "the end of " + name;
      case Await.Finished(var party) -> "the end of " + party + "'s script";
      case Await.Refusal(var by) -> "a refusal by " + by;
    };
  }
}
