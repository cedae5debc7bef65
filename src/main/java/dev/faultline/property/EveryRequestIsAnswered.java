package dev.faultline.property;

import dev.faultline.world.World;
import java.util.List;

/**
 * V03 of the protocol: each request is answered, or reported as blocked, before the run ends.
 * Checked where nothing can move any more, and by the explorer also where a fair run goes round for
 * ever.
 */
public final class EveryRequestIsAnswered {

  private EveryRequestIsAnswered() {}

  /** Whether every line of every script has been answered, or its party is dead. */
  public static boolean holds(World world) {
    return WaitsFor.nobody(world);
  }

  /** Who waits for whom, in a world in which nothing can move; empty if all is answered. */
  public static List<String> unanswered(World world) {
    return WaitsFor.sentences(world);
  }
}
