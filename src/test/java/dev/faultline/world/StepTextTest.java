package dev.faultline.world;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.journal.Source;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.PartyKind;
import dev.faultline.scenario.Library;
import dev.faultline.scenario.Run;
import dev.faultline.scenario.Scenario;
import dev.faultline.scenario.ScenarioLoader;
import dev.faultline.testing.RandomStories;
import dev.faultline.testing.Stories;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class StepTextTest {

  private static final List<PartyId> PARTIES =
      List.of(Parties.GMEM, Parties.KVM, Parties.VMM, PartyId.of(PartyKind.HOST_IO, "app"));

  @TempDir Path folder;

  static List<String> scenarios() {
    return new Library.OfFiles(Path.of("")).names(Source.Kind.SCENARIO);
  }

  /** Reads back all that can be taken on the way of a random walk; returns the verbs seen. */
  private static TreeSet<String> walk(Scenario scenario, long seed) {
    TreeSet<String> verbs = new TreeSet<>();
    Run run = Run.start(scenario, new Schedule.Random(seed));
    for (Optional<Step> next = run.next();
        next.isPresent() && run.agenda().step() < 300;
        next = run.next()) {
      for (Enabled enabled : run.agenda().enabled()) {
        String text = StepText.of(enabled.step());
        assertThat(text).matches(StepText.PATTERN);
        assertThat(StepText.read(text, run.world().parties()))
            .isEqualTo(new StepText.Reading.Read(enabled.step()));
        verbs.add(text.replaceFirst(" .*", text.contains("alternative") ? " of a choice" : ""));
      }
      run = run.take(next.get()).after();
    }
    return verbs;
  }

  @ParameterizedTest
  @MethodSource("scenarios")
  void every_step_of_a_shipped_scenario_is_read_as_it_was_written(String name) {
    Scenario scenario = Stories.load(name, ScenarioLoader.Overrides.NONE);
    for (long seed = 1; seed <= 20; seed++) {
      assertThat(walk(scenario, seed)).contains("deliver", "tick");
    }
  }

  @Test
  void every_kind_of_step_is_read_as_it_was_written() {
    Stories stories = new Stories(folder);
    TreeSet<String> verbs = new TreeSet<>();
    for (long seed = 1; seed <= 60; seed++) {
      String text = RandomStories.story(new Random(seed), "in-place-v8");
      String open =
          "open: [allocation-fails, anchor-busy, signal-pending, process-dies, vmm-dies]\n";
      verbs.addAll(walk(stories.scenario(text.contains("open:") ? text : text + open), seed));
    }
    assertThat(verbs)
        .containsExactly(
            "advance", "advance of a choice", "deliver", "deliver of a choice", "kill", "tick");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "tick app | tick app",
        "  deliver   app->gmem | deliver app -> gmem",
        "deliver kvm task 2 -> gmem, alternative 1 | deliver kvm task 2 -> gmem, alternative 1",
        "advance gmem task 1 , alternative 0 | advance gmem task 1",
        "kill app by vmm | kill app by vmm",
        "kill  app | kill app",
      })
  void blanks_do_not_matter(String text, String canonical) {
    assertThat(StepText.read(text, PARTIES))
        .isInstanceOfSatisfying(
            StepText.Reading.Read.class,
            read -> assertThat(StepText.of(read.step())).isEqualTo(canonical));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "delivr app -> gmem | 0 | expected a step, found \"delivr\"",
        "deliver ap -> gmem | 8 | expected a party, found \"ap\"",
        "deliver app gmem | 12 | expected \"->\" and who is told, found \"gmem\"",
        "deliver app -> | 14 | expected a party, found the end",
        "advance gmem task one | 18 | expected the number of a task, found \"one\"",
        "advance gmem task 01 | 18 | expected the number of a task, found \"01\"",
        "advance gmem task 1 alternative 2 | 20 | expected the end of the step, found"
            + " \"alternative\"",
        "advance gmem task 1, 2 | 21 | expected an alternative, found \"2\"",
        "kill app from vmm | 9 | expected \"by\" and whose script says so, found \"from\"",
        "kill app by | 11 | expected a party, found the end",
        "tick app twice | 9 | expected the end of the step, found \"twice\"",
      })
  void what_is_no_step_is_told_with_its_place(String text, int offset, String told) {
    assertThat(StepText.read(text, PARTIES))
        .isInstanceOfSatisfying(
            StepText.Reading.Wrong.class,
            wrong -> {
              assertThat(wrong.offset()).isEqualTo(offset);
              assertThat(wrong.text()).isEqualTo(told);
            });
  }
}
