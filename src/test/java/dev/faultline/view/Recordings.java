package dev.faultline.view;

import dev.faultline.journal.JournalEntry.StepTaken;
import dev.faultline.journal.JournalEntry.WorldEnded;
import dev.faultline.journal.RecordedRun;
import dev.faultline.scenario.Run;
import dev.faultline.scenario.Scenario;
import dev.faultline.world.Schedule;
import dev.faultline.world.Step;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Runs of scenarios as a journal has them, without a file. */
final class Recordings {

  private Recordings() {}

  /** A run of at most so many steps; it has an end if nothing was left to do. */
  static RecordedRun of(Scenario scenario, Schedule schedule, int steps) {
    long seed = schedule instanceof Schedule.Random(long number) ? number : scenario.seed();
    Run run = Run.start(scenario, schedule);
    List<StepTaken> entries = new ArrayList<>();
    Optional<Step> next = run.next();
    while (next.isPresent() && entries.size() < steps) {
      Run.Taken taken = run.take(next.get());
      entries.add(taken.entry());
      run = taken.after();
      next = run.next();
    }
    Optional<WorldEnded> end = next.isEmpty() ? Optional.of(run.ended()) : Optional.empty();
    return new RecordedRun(Path.of("a.jsonl"), run.started(seed), entries, end, Optional.empty());
  }

  /** A whole run, in the order and with the seed that the scenario states. */
  static RecordedRun of(Scenario scenario) {
    return of(scenario, scenario.ownSchedule(), Integer.MAX_VALUE);
  }

  /** The journal as it was after so many steps. */
  static RecordedRun cut(RecordedRun whole, int steps) {
    return new RecordedRun(
        whole.file(),
        whole.started(),
        whole.steps().subList(0, steps),
        Optional.empty(),
        Optional.of("torn"));
  }
}
