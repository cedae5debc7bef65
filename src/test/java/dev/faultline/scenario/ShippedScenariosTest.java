package dev.faultline.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.journal.Source;
import dev.faultline.scenario.yaml.Problems;
import dev.faultline.world.Schedule;
import dev.faultline.world.Step;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ShippedScenariosTest {

  static List<String> scenarios() {
    return new Library.OfFiles(Path.of("")).names(Source.Kind.SCENARIO);
  }

  static Scenario load(String name, ScenarioLoader.Overrides overrides) {
    Problems problems = new Problems();
    Optional<Scenario> scenario =
        ScenarioLoader.load(new Library.OfFiles(Path.of("")), name, overrides, problems);
    assertThat(problems.render()).isEmpty();
    return scenario.orElseThrow();
  }

  static Run toTheEnd(Run start) {
    Run run = start;
    for (Optional<Step> next = run.next(); next.isPresent(); next = run.next()) {
      run = run.take(next.get()).after();
    }
    return run;
  }

  static Schedule schedule(Scenario scenario) {
    return scenario.ownSchedule();
  }

  @ParameterizedTest
  @MethodSource("scenarios")
  void a_shipped_scenario_ends_as_it_expects(String name) {
    Scenario scenario = load(name, ScenarioLoader.Overrides.NONE);
    Run end = toTheEnd(Run.start(scenario, schedule(scenario)));
    assertThat(end.failures()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("scenarios")
  void a_good_scenario_ends_as_it_expects_under_every_seed(String name) {
    Scenario scenario = load(name, ScenarioLoader.Overrides.NONE);
    for (long seed = 1; seed <= 200 && name.contains("good-"); seed++) {
      Run end = toTheEnd(Run.start(scenario, new Schedule.Random(seed)));
      assertThat(end.failures()).as("seed %d", seed).isEmpty();
    }
  }
}
