package dev.faultline.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.journal.JournalEntry;
import dev.faultline.journal.RecordedRun;
import dev.faultline.journal.Source;
import dev.faultline.scenario.Library;
import dev.faultline.scenario.Replay;
import dev.faultline.scenario.Run;
import dev.faultline.scenario.Scenario;
import dev.faultline.scenario.ScenarioLoader;
import dev.faultline.scenario.yaml.Problems;
import dev.faultline.world.Schedule;
import dev.faultline.world.Step;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every scenario has a golden journal of the same name, and gives it on the pure stepper and on
 * Akka.
 *
 * <p>{@code mvn -q -B test -Dtest=GoldenJournalsTest -Dfaultline.record=true} records them anew;
 * the difference is then reviewed, and the commit says why.
 */
class GoldenJournalsTest {

  private static final Path GOLDEN = Path.of("journal", "golden");

  @TempDir Path folder;

  static List<String> scenarios() {
    return new Library.OfFiles(Path.of("")).names(Source.Kind.SCENARIO);
  }

  private static Scenario scenario(String name) {
    Problems problems = new Problems();
    Optional<Scenario> scenario =
        ScenarioLoader.load(
            new Library.OfFiles(Path.of("")), name, ScenarioLoader.Overrides.NONE, problems);
    assertThat(problems.render()).isEmpty();
    return scenario.orElseThrow();
  }

  private static Schedule schedule(Scenario scenario) {
    return scenario.ownSchedule();
  }

  @ParameterizedTest
  @MethodSource("scenarios")
  void a_scenario_gives_its_golden_journal_on_both_rigs(String name) throws Exception {
    Scenario scenario = scenario(name);
    Path file = folder.resolve("journal.jsonl");
    RunResult result =
        AkkaRun.run(
            scenario,
            schedule(scenario),
            scenario.seed(),
            new AkkaRun.JournalAt(file, false, "never"));
    assertThat(result).isInstanceOf(RunResult.Ended.class);
    Path golden = GOLDEN.resolve(name + ".jsonl");
    if (Boolean.getBoolean("faultline.record")) {
      Files.createDirectories(golden.getParent());
      Files.copy(file, golden, StandardCopyOption.REPLACE_EXISTING);
    }
    assertThat(Files.readString(file)).isEqualTo(Files.readString(golden));

    List<JournalEntry> pure = new ArrayList<>();
    Run run = Run.start(scenario, schedule(scenario));
    pure.add(run.started(scenario.seed()));
    for (Optional<Step> next = run.next(); next.isPresent(); next = run.next()) {
      Run.Taken taken = run.take(next.get());
      pure.add(taken.entry());
      run = taken.after();
    }
    RecordedRun recorded = RecordedRun.read(golden);
    List<JournalEntry> entries = new ArrayList<>();
    entries.add(recorded.started());
    entries.addAll(recorded.steps());
    assertThat(pure).isEqualTo(entries);
    assertThat(Optional.of(run.ended())).isEqualTo(recorded.end());
    assertThat(run.failures()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("scenarios")
  void a_golden_journal_replays_from_what_it_brings_along(String name) throws Exception {
    RecordedRun recorded = RecordedRun.read(GOLDEN.resolve(name + ".jsonl"));
    Problems problems = new Problems();
    Scenario scenario =
        ScenarioLoader.fromSources(recorded.started().sources(), problems).orElseThrow();
    assertThat(Replay.of(scenario, recorded))
        .isInstanceOfSatisfying(
            Replay.Verdict.Identical.class,
            same -> {
              assertThat(same.run().agenda().step()).isEqualTo(recorded.steps().size());
              assertThat(same.ended()).isTrue();
            });
  }

  @Test
  void there_is_no_golden_journal_without_its_scenario() throws Exception {
    try (var files = Files.walk(GOLDEN)) {
      assertThat(
              files
                  .filter(Files::isRegularFile)
                  .map(file -> GOLDEN.relativize(file).toString().replace(".jsonl", "")))
          .containsExactlyInAnyOrderElementsOf(scenarios());
    }
  }
}
