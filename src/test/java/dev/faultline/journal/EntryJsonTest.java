package dev.faultline.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.scenario.Library;
import dev.faultline.scenario.Run;
import dev.faultline.scenario.Scenario;
import dev.faultline.scenario.ScenarioLoader;
import dev.faultline.scenario.yaml.Problems;
import dev.faultline.world.Schedule;
import dev.faultline.world.Step;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EntryJsonTest {

  static List<String> scenarios() {
    return new Library.OfFiles(Path.of("")).names(Source.Kind.SCENARIO);
  }

  @ParameterizedTest
  @MethodSource("scenarios")
  void every_entry_of_a_run_reads_back_as_it_was_written(String name) throws Exception {
    Problems problems = new Problems();
    Scenario scenario =
        ScenarioLoader.load(
                new Library.OfFiles(Path.of("")), name, ScenarioLoader.Overrides.NONE, problems)
            .orElseThrow();
    Run run = Run.start(scenario, new Schedule.Fifo());
    JournalEntry started = run.started(1);
    assertThat(EntryJson.read(EntryJson.write(started))).isEqualTo(started);
    for (Optional<Step> next = run.next(); next.isPresent(); next = run.next()) {
      Run.Taken taken = run.take(next.get());
      String json = EntryJson.write(taken.entry());
      assertThat(EntryJson.read(json)).isEqualTo(taken.entry());
      assertThat(EntryJson.write(EntryJson.read(json))).isEqualTo(json);
      run = taken.after();
    }
    assertThat(EntryJson.read(EntryJson.write(run.ended()))).isEqualTo(run.ended());
  }
}
