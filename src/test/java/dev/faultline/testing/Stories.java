package dev.faultline.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.scenario.Library;
import dev.faultline.scenario.Run;
import dev.faultline.scenario.Scenario;
import dev.faultline.scenario.ScenarioLoader;
import dev.faultline.scenario.yaml.Problems;
import dev.faultline.world.Schedule;
import dev.faultline.world.Step;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Scenarios and designs that a test writes down, and their runs on the pure rig. */
public final class Stories {

  private final Path folder;

  public Stories(Path folder) {
    this.folder = folder;
  }

  /** Writes a file; returns the path by which a scenario names it. */
  public String file(String name, String text) {
    try {
      return Files.writeString(folder.resolve(name), text).toString();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** A scenario, as written. */
  public Scenario scenario(String text) {
    return load(file("story.yaml", text), ScenarioLoader.Overrides.NONE);
  }

  /** A shipped scenario, or one by its path. */
  public static Scenario load(String name, ScenarioLoader.Overrides overrides) {
    Problems problems = new Problems();
    Optional<Scenario> scenario =
        ScenarioLoader.load(new Library.OfFiles(Path.of("")), name, overrides, problems);
    assertThat(problems.render()).isEmpty();
    return scenario.orElseThrow();
  }

  /** Another revision than the scenario's. */
  public static ScenarioLoader.Overrides revision(String name) {
    return new ScenarioLoader.Overrides(
        Optional.empty(), Optional.of(name), Optional.empty(), Optional.empty());
  }

  /** A run to its end. */
  public static Run run(Scenario scenario, Schedule schedule) {
    Run run = Run.start(scenario, schedule);
    for (Optional<Step> next = run.next(); next.isPresent(); next = run.next()) {
      run = run.take(next.get()).after();
    }
    return run;
  }

  public static Run run(Scenario scenario) {
    return run(scenario, new Schedule.Fifo());
  }
}
