package dev.faultline.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.explore.Bounds;
import dev.faultline.explore.Explorer;
import dev.faultline.explore.Reductions;
import dev.faultline.explore.Report;
import dev.faultline.explore.Trace;
import dev.faultline.explore.Verdict;
import dev.faultline.journal.JournalEntry.StepTaken;
import dev.faultline.journal.RecordedRun;
import dev.faultline.journal.Source;
import dev.faultline.property.EveryRequestIsAnswered;
import dev.faultline.protocol.Chance;
import dev.faultline.protocol.memory.Errno;
import dev.faultline.scenario.Exploration;
import dev.faultline.scenario.Library;
import dev.faultline.scenario.Mutation;
import dev.faultline.scenario.RecordedCheck;
import dev.faultline.scenario.RecordedScenario;
import dev.faultline.scenario.Replay;
import dev.faultline.scenario.Run;
import dev.faultline.scenario.Scenario;
import dev.faultline.scenario.ScenarioLoader;
import dev.faultline.scenario.ScenarioLoader.Overrides;
import dev.faultline.scenario.ScenarioLoader.Swap;
import dev.faultline.scenario.yaml.Problems;
import dev.faultline.testing.Stories;
import dev.faultline.view.StepLabels;
import dev.faultline.world.Step;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is found in a design with a bug is written down with the bug, and breaks again. */
class CounterexamplesTest {

  private static final Library.OfFiles LIBRARY = new Library.OfFiles(Path.of(""));
  private static final String STORY = "known-bugs/good-fault-and-conversion";

  /** Those that are run on Akka too: by a property, one that is stuck, one of another revision. */
  private static final List<String> ON_AKKA =
      List.of("b01-fault-without-lock", "b04-unmap-caller-only", "b37-pin-under-invalidate-lock");

  private static final Explorer.Watcher TO_THE_END =
      new Explorer.Watcher() {
        @Override
        public void at(Explorer.Progress progress) {}

        @Override
        public boolean stops() {
          return false;
        }
      };

  @TempDir Path folder;

  private Stories stories;

  @BeforeEach
  void begin() {
    stories = new Stories(folder);
  }

  static List<String> mutations() {
    return LIBRARY.names(Source.Kind.MUTATION);
  }

  /** What a search found, and the text that was written for it. */
  private record Counterexample(
      RecordedScenario recorded, Verdict verdict, String text, int steps) {}

  private static Counterexample find(String story, Overrides overrides) {
    Scenario scenario = Stories.load(story, overrides);
    Report report =
        Exploration.of(scenario).verdict().explore(1, Reductions.NONE, Bounds.NONE, TO_THE_END);
    Trace trace = report.verdict().way().orElseThrow();
    List<Step> steps = trace.moves().stream().map(move -> (Step) move.label()).toList();
    RecordedScenario recorded =
        new RecordedScenario(
            scenario,
            overrides,
            StepLabels.of(scenario, steps),
            report.verdict().loopsFrom(),
            Optional.empty(),
            "Found in a test.");
    return new Counterexample(recorded, report.verdict(), recorded.text(), steps.size());
  }

  private static Optional<String> mistake(Counterexample found, String text) {
    return new RecordedCheck(found.recorded(), LIBRARY).mistake(text, found.verdict());
  }

  private static void assertBreaks(Run end, Counterexample found) {
    assertThat(end.failures()).isEmpty();
    switch (found.verdict()) {
      case Verdict.Broken(String property, var _, var _) ->
          assertThat(end.firstBroken()).containsEntry(property, (long) found.steps());
      case Verdict.Stuck(List<String> waiting, var _) ->
          assertThat(EveryRequestIsAnswered.unanswered(end.world()))
              .isEqualTo(waiting)
              .isNotEmpty();
      case Verdict.Never(var lasso) ->
          assertThat(EveryRequestIsAnswered.unanswered(end.world()))
              .hasSameElementsAs(lasso.waiting())
              .isNotEmpty();
      default -> throw new AssertionError(found.verdict());
    }
  }

  private RecordedRun onAkka(Scenario written, Counterexample found) throws Exception {
    Path file = folder.resolve("journal.jsonl");
    RunResult result =
        AkkaRun.run(
            written,
            written.ownSchedule(),
            written.seed(),
            new AkkaRun.JournalAt(file, false, "never"));
    assertThat(result)
        .isInstanceOfSatisfying(
            RunResult.Ended.class, ended -> assertThat(ended.entry().asExpected()).isTrue());
    RecordedRun recorded = RecordedRun.read(file);
    if (found.verdict() instanceof Verdict.Broken(String property, var _, var _)) {
      StepTaken last = recorded.steps().getLast();
      assertThat(last.step()).isEqualTo(found.steps());
      assertThat(last.properties())
          .anyMatch(change -> change.property().equals(property) && change.broken());
    }
    Problems problems = new Problems();
    Optional<Scenario> brought = ScenarioLoader.fromSources(recorded.started().sources(), problems);
    assertThat(problems.render()).isEmpty();
    assertThat(Replay.of(brought.orElseThrow(), recorded))
        .isInstanceOfSatisfying(
            Replay.Verdict.Identical.class, same -> assertThat(same.ended()).isTrue());
    return recorded;
  }

  @ParameterizedTest
  @MethodSource("mutations")
  void what_a_mutation_breaks_is_written_with_it_and_breaks_again(String name) throws Exception {
    Problems problems = new Problems();
    Mutation mutation = ScenarioLoader.mutation(LIBRARY, name, problems).orElseThrow().mutation();
    Overrides overrides = Overrides.NONE.mutated(List.of(name));
    for (String story : mutation.scenarios()) {
      Counterexample found = find(story, overrides);
      assertThat(found.text()).contains("\nmutations:\n  - " + name + "\n");
      assertThat(mistake(found, found.text())).isEmpty();
      Scenario written = stories.scenario(found.text());
      assertThat(written.setup().revision())
          .isEqualTo(found.recorded().scenario().setup().revision());
      assertBreaks(Stories.run(written, written.ownSchedule()), found);
      // Without the bug the same steps do not lead there.
      String without = found.text().replace("\nmutations:\n  - " + name + "\n", "\n");
      assertThat(mistake(found, without)).isPresent();
      if (ON_AKKA.contains(name)) {
        onAkka(written, found);
      }
    }
  }

  @Test
  void a_mutation_of_another_file_is_written_down() throws Exception {
    String path =
        stories.file(
            "mine.yaml",
            """
            # Two lines less.
            name: mine
            source: |
              a question,
              asked by nobody
            guards: what is asked
            based-on: in-place-v8
            drop:
              host-fault: [hold invalidate]    # why not?
            """);
    Overrides overrides = Overrides.NONE.mutated(List.of(path));
    Counterexample found = find(STORY, overrides);
    Files.delete(Path.of(path));
    assertThat(found.text())
        .contains(
            """
            mutations:
              - # Two lines less.
                name: mine
                source: |
                  a question,
                  asked by nobody
                guards: what is asked
                based-on: in-place-v8
                drop:
                  host-fault: [hold invalidate]    # why not?
            """);
    assertThat(mistake(found, found.text())).isEmpty();
    Scenario written = stories.scenario(found.text());
    assertBreaks(Stories.run(written, written.ownSchedule()), found);
    onAkka(written, found);
  }

  @Test
  void what_is_left_out_and_changes_places_is_written_as_keys() throws Exception {
    Overrides overrides =
        Overrides.NONE.edited(
            List.of("host-fault:hold invalidate"),
            List.of(new Swap("store-attributes", "check-references")));
    Counterexample found = find(STORY, overrides);
    assertThat(found.text())
        .contains(
            """
            without: [host-fault:hold invalidate]
            swap: [[store-attributes, check-references]]
            """)
        .doesNotContain("mutations:");
    assertThat(mistake(found, found.text())).isEmpty();
    Scenario written = stories.scenario(found.text());
    assertBreaks(Stories.run(written, written.ownSchedule()), found);
    onAkka(written, found);
    // And with more of it on the command line.
    String path = stories.file("more.yaml", found.text());
    Overrides more =
        new Overrides(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            List.of("b39-attribute-before-snapshot"),
            List.of("get-page:zero-if-new"),
            List.of());
    Counterexample twice = find(path, more);
    assertThat(twice.text())
        .contains("\nmutations:\n  - b39-attribute-before-snapshot\n")
        .contains("\nwithout: [host-fault:hold invalidate, get-page:zero-if-new]\n")
        .contains("\nswap: [[store-attributes, check-references]]\n");
    assertThat(mistake(twice, twice.text())).isEmpty();
  }

  @Test
  void a_text_that_does_something_else_is_told() {
    Counterexample found =
        find(STORY, Overrides.NONE.mutated(List.of("b01-fault-without-lock-in-place")));
    String text = found.text();
    assertThat(mistake(found, text)).isEmpty();
    assertThat(mistake(found, text.replace("mutations:", "mutation:")).orElseThrow())
        .startsWith("what was written cannot be read: ")
        .contains("unknown");
    assertThat(
            mistake(found, text.replace("b01-fault-without-lock-in-place", "b04-unmap-caller-only"))
                .orElseThrow())
        .isEqualTo("what was written is of another design than what was explored");
    String cut = text.substring(0, text.stripTrailing().lastIndexOf('\n') + 1);
    assertThat(mistake(found, cut).orElseThrow())
        .isEqualTo("what was written takes another way: its steps are over");
    assertThat(mistake(found, text.replaceFirst("(?m)^  - breaks: .*$", "  - stuck")).orElseThrow())
        .startsWith("what was written does not end as it says: ");
    assertThat(
            new RecordedCheck(found.recorded(), LIBRARY)
                .mistake(
                    text,
                    new Verdict.Broken(
                        "VmmMapMatchesKvm", "", found.verdict().way().orElseThrow())))
        .contains("the steps do not lead to what was found");
  }

  /** What is open on the command line is open in the file, and its deaths come at their steps. */
  @Test
  void a_death_that_the_command_line_leaves_open_is_taken_again_on_akka() throws Exception {
    String story =
        stories.file(
            "dies.yaml",
            """
            story: The VMM converts a page that a process pins.
            mode: sw-protected
            revision: in-place-v8
            memory: {size: 4 KiB}
            parties: {app: {kind: process}}
            open: [signal-pending]   # of no call here
            script:
              app:
                - pin: 0..4 KiB
                  name: pin
              vmm:
                - set-shared: 0..4 KiB
                - await: app
                - set-private: 0..4 KiB
                  name: convert
            promises:
              - never: pin = died and convert = EAGAIN
                name: the-dead-hold-nothing
            """);
    Overrides open = Overrides.NONE.opened(List.of(Chance.PROCESS_DIES));
    Counterexample found = find(story, open);
    assertThat(((Verdict.Broken) found.verdict()).property()).isEqualTo("the-dead-hold-nothing");
    assertThat(found.text())
        .contains("\nopen: [signal-pending, process-dies]")
        .contains("\n  - kill app ");
    assertThat(mistake(found, found.text())).isEmpty();
    Scenario written = stories.scenario(found.text());
    assertThat(written.setup().open()).isEqualTo(found.recorded().scenario().setup().open());
    Run end = Stories.run(written, written.ownSchedule());
    assertBreaks(end, found);
    RecordedRun onAkka = onAkka(written, found);
    assertThat(onAkka.steps()).extracting(StepTaken::taken).anyMatch(Step.Kill.class::isInstance);
    assertThat(end.refusals().keySet()).extracting(Run.Refusal::errno).contains(Errno.EAGAIN);
  }
}
