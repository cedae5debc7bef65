package dev.faultline.property;

import dev.faultline.protocol.message.PartyId;
import dev.faultline.world.Script;
import dev.faultline.world.World;
import java.util.ArrayList;
import java.util.List;

/**
 * Who waits for whom in a world, in sentences: from each line of a script that is not answered to
 * somebody who waits for nobody, or around the circle.
 */
public final class WaitsFor {

  private WaitsFor() {}

  /** A sentence for each script that has not come to its end, in the order of scripts. */
  public static List<String> sentences(World world) {
    List<String> sentences = new ArrayList<>();
    for (Script script : world.setup().scripts()) {
      if (WaiterNames.line(world, script.party()).isPresent()) {
        sentences.add(sentence(new Waits(world, script.party()), script.party()));
      }
    }
    return List.copyOf(sentences);
  }

  /** Whether each line of each script has ended, or whoever was to go on with it is dead. */
  public static boolean nobody(World world) {
    return world.setup().scripts().stream()
        .allMatch(script -> WaiterNames.line(world, script.party()).isEmpty());
  }

  private static String sentence(Waits waits, PartyId party) {
    Waiter at = new Waiter.OfScript(party);
    StringBuilder text = new StringBuilder(waits.names().of(at));
    List<Waiter> chain = new ArrayList<>();
    String link = " ";
    while (true) {
      chain.add(at);
      switch (waits.of(at)) {
        case Wait.ForNobody(String how) -> {
          return text.append(link).append(how).toString();
        }
        case Wait.ForSomebody(String what, List<Waiter> whom) -> {
          text.append(link).append("waits for ").append(what);
          Waiter next = whom.getFirst();
          if (next.equals(at)) {
            return text.toString();
          }
          if (chain.contains(next)) {
            return text.append(": a circle").toString();
          }
          at = next;
        }
      }
      link = ", which ";
    }
  }
}
