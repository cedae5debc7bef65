package dev.faultline.cli;

import dev.faultline.journal.RecordedRun;
import dev.faultline.scenario.Scenario;

/** Texts that are drawn of a journal. */
final class Pictures {

  private Pictures() {}

  static String ladder(RecordedRun recorded, Scenario scenario) {
    return dev.faultline.view.Ladder.draw(scenario, recorded, java.util.Optional.empty());
  }
}
