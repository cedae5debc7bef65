package dev.faultline.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.journal.EntryJson;
import dev.faultline.journal.JournalEntry;
import dev.faultline.journal.Source;
import dev.faultline.journal.file.JournalReader;
import dev.faultline.scenario.Library;
import dev.faultline.scenario.Run;
import dev.faultline.scenario.Scenario;
import dev.faultline.scenario.ScenarioLoader;
import dev.faultline.scenario.yaml.Problems;
import dev.faultline.world.Schedule;
import dev.faultline.world.Step;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every scenario runs on the pure stepper and on Akka, and gives the same journal. */
class TwoRigsTest {

  @TempDir Path folder;

  static List<String> scenarios() {
    return new Library.OfFiles(Path.of("")).names(Source.Kind.SCENARIO);
  }

  @ParameterizedTest
  @MethodSource("scenarios")
  void both_rigs_give_the_same_entries(String name) throws Exception {
    Scenario scenario =
        ScenarioLoader.load(
                new Library.OfFiles(Path.of("")),
                name,
                ScenarioLoader.Overrides.NONE,
                new Problems())
            .orElseThrow();
    Schedule schedule = new Schedule.Random(7);
    List<JournalEntry> pure = new ArrayList<>();
    Run run = Run.start(scenario, schedule);
    pure.add(run.started(7));
    for (Optional<Step> next = run.next(); next.isPresent(); next = run.next()) {
      Run.Taken taken = run.take(next.get());
      pure.add(taken.entry());
      run = taken.after();
    }
    pure.add(run.ended());

    List<byte[]> files = new ArrayList<>();
    for (int time = 0; time < 2; time++) {
      Path file = folder.resolve("run-" + time).resolve("journal.jsonl");
      RunResult result =
          AkkaRun.run(scenario, schedule, 7, new AkkaRun.JournalAt(file, false, "never"));
      assertThat(result).isInstanceOf(RunResult.Ended.class);
      List<JournalEntry> onAkka = new ArrayList<>();
      JournalReader.read(
          file,
          line -> {
            try {
              var object = new com.fasterxml.jackson.databind.ObjectMapper().readTree(line.object());
              onAkka.add(EntryJson.read(object.get("entry").toString()));
            } catch (java.io.IOException wrong) {
              throw new AssertionError(wrong);
            }
          });
      assertThat(onAkka).isEqualTo(pure);
      files.add(Files.readAllBytes(file));
    }
    assertThat(files.get(0)).isEqualTo(files.get(1));
  }
}
