package dev.faultline.view;

import dev.faultline.journal.JournalEntry.StepTaken;
import dev.faultline.scenario.Run;
import dev.faultline.scenario.Scenario;
import dev.faultline.world.Turn;
import dev.faultline.world.World;
import java.util.List;

/** Goes through the steps of a journal with the world before and after each. */
final class Walk {

  private Walk() {}

  /** Is shown each step. */
  interface Visitor {
    void visit(World before, StepTaken entry, World after);
  }

  /** Shows every step; returns the world after the last. */
  static World over(Scenario scenario, List<StepTaken> steps, Visitor visitor) {
    World world = World.start(scenario.setup());
    for (StepTaken entry : steps) {
      Turn turn = Run.turn(entry);
      World after = world.apply(turn);
      visitor.visit(world, entry, after);
      world = after;
    }
    return world;
  }
}
