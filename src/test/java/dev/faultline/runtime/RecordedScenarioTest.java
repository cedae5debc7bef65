package dev.faultline.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import dev.faultline.journal.JournalEntry.StepTaken;
import dev.faultline.journal.RecordedRun;
import dev.faultline.journal.Source;
import dev.faultline.property.expression.Expression;
import dev.faultline.property.expression.Parsed;
import dev.faultline.scenario.Library;
import dev.faultline.scenario.RecordedScenario;
import dev.faultline.scenario.Replay;
import dev.faultline.scenario.Run;
import dev.faultline.scenario.Scenario;
import dev.faultline.scenario.ScenarioLoader;
import dev.faultline.scenario.ScenarioLoader.Overrides;
import dev.faultline.scenario.yaml.Problems;
import dev.faultline.testing.RandomStories;
import dev.faultline.testing.Stories;
import dev.faultline.view.StepLabels;
import dev.faultline.world.Schedule;
import dev.faultline.world.Step;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What was found is written as a scenario, and that does the same again, on both rigs. */
class RecordedScenarioTest {

  private static final String RACE = "tdx/bad-fault-races-conversion-without-lock";

  @TempDir Path folder;

  private Stories stories;

  @BeforeEach
  void begin() {
    stories = new Stories(folder);
  }

  static List<String> scenarios() {
    return new Library.OfFiles(Path.of("")).names(Source.Kind.SCENARIO);
  }

  /**
   * A walk on the pure rig.
   *
   * @param entries what it took, without the lines of its file
   */
  private record Walk(Run end, List<Step> steps, List<StepTaken> entries) {}

  private static Walk walk(Scenario scenario, Schedule schedule, long atMost) {
    List<Step> steps = new ArrayList<>();
    List<StepTaken> entries = new ArrayList<>();
    Run run = Run.start(scenario, schedule);
    for (Optional<Step> next = run.next();
        next.isPresent() && run.agenda().step() < atMost;
        next = run.next()) {
      Run.Taken taken = run.take(next.get());
      steps.add(next.get());
      entries.add(withoutLine(taken.entry()));
      run = taken.after();
    }
    return new Walk(run, steps, entries);
  }

  private static StepTaken withoutLine(StepTaken entry) {
    return new StepTaken(
        entry.step(),
        entry.taken(),
        entry.party(),
        entry.id(),
        entry.message(),
        entry.events(),
        entry.sends(),
        entry.outcome(),
        entry.properties(),
        Optional.empty());
  }

  private static String text(Scenario scenario, Overrides overrides, List<Step> steps) {
    return new RecordedScenario(
            scenario,
            overrides,
            StepLabels.of(scenario, steps),
            Optional.empty(),
            Optional.empty(),
            "Found by a random walk of " + scenario.name() + ".")
        .text();
  }

  /** Writes a walk, reads it, and takes it again: as it was, with the end that is expected. */
  private Scenario again(Scenario scenario, Overrides overrides, Walk walk) {
    Scenario written = stories.scenario(text(scenario, overrides, walk.steps()));
    Walk pure = walk(written, written.ownSchedule(), Long.MAX_VALUE);
    assertThat(pure.entries()).isEqualTo(walk.entries());
    assertThat(pure.end().firstBroken()).isEqualTo(walk.end().firstBroken());
    assertThat(pure.end().failures()).isEmpty();
    return written;
  }

  private RecordedRun onAkka(Scenario written, String name) throws Exception {
    Path file = folder.resolve(name + ".jsonl");
    RunResult result =
        AkkaRun.run(
            written,
            written.ownSchedule(),
            written.seed(),
            new AkkaRun.JournalAt(file, false, "never"));
    assertThat(result)
        .isInstanceOfSatisfying(
            RunResult.Ended.class, ended -> assertThat(ended.entry().asExpected()).isTrue());
    return RecordedRun.read(file);
  }

  private static void assertReplays(RecordedRun recorded) {
    Problems problems = new Problems();
    Scenario brought =
        ScenarioLoader.fromSources(recorded.started().sources(), problems).orElseThrow();
    assertThat(Replay.of(brought, recorded))
        .isInstanceOfSatisfying(
            Replay.Verdict.Identical.class, same -> assertThat(same.ended()).isTrue());
  }

  @ParameterizedTest
  @MethodSource("scenarios")
  void a_walk_is_taken_again_on_both_rigs(String name) throws Exception {
    Scenario scenario = Stories.load(name, Overrides.NONE);
    for (long seed = 1; seed <= 3; seed++) {
      Random random = new Random(seed);
      Walk whole = walk(scenario, new Schedule.Random(seed), Long.MAX_VALUE);
      again(scenario, Overrides.NONE, whole);
      int length = 1 + random.nextInt(whole.steps().size());
      again(scenario, Overrides.NONE, walk(scenario, new Schedule.Random(seed), length));
    }
    Walk walk = walk(scenario, new Schedule.Random(scenario.seed()), Long.MAX_VALUE);
    RecordedRun recorded = onAkka(again(scenario, Overrides.NONE, walk), "journal");
    assertThat(recorded.started().schedule()).isEqualTo("recorded");
    assertThat(recorded.steps().stream().map(RecordedScenarioTest::withoutLine))
        .isEqualTo(walk.entries());
    assertReplays(recorded);
  }

  @ParameterizedTest
  @MethodSource("scenarios")
  void a_walk_under_another_design_brings_it_along(String name) {
    List<Overrides> others =
        List.of(
            Stories.revision("rfc-2024-09-without-lock"),
            Stories.revision("thread-notify"),
            new Overrides(
                Optional.of("sw-protected"),
                Optional.of("linux-7.3"),
                Optional.of("stops-at-memory-fault"),
                Optional.of("linux-tdx")));
    String mode = Stories.load(name, Overrides.NONE).setup().mode().name();
    for (Overrides overrides : others) {
      boolean meet =
          ScenarioLoader.pair(
                  new Library.OfFiles(Path.of("")),
                  overrides.revision().orElseThrow(),
                  overrides.mode().orElse(mode),
                  new Problems())
              .filter(pair -> !pair.runs())
              .isEmpty();
      if (!meet) {
        continue;
      }
      Scenario scenario = Stories.load(name, overrides);
      for (long seed = 1; seed <= 2; seed++) {
        Walk walk = walk(scenario, new Schedule.Random(seed), 2000);
        Scenario written = again(scenario, overrides, walk);
        assertThat(written.setup().revision()).isEqualTo(scenario.setup().revision());
        assertThat(written.setup().mode()).isEqualTo(scenario.setup().mode());
        assertThat(written.setup().vmm()).isEqualTo(scenario.setup().vmm());
      }
    }
  }

  @Test
  void walks_of_stories_that_nobody_thought_of_are_taken_again() {
    for (long seed = 0; seed < 40; seed++) {
      String story = RandomStories.story(new Random(seed), "in-place-v8");
      Scenario scenario = stories.scenario(story);
      Walk walk = walk(scenario, new Schedule.Random(seed), 1 + 15 * seed);
      again(scenario, Overrides.NONE, walk);
    }
  }

  @Test
  void a_counterexample_reads_well() throws Exception {
    Scenario scenario = Stories.load(RACE, Overrides.NONE);
    Schedule schedule = new Schedule.Random(scenario.seed());
    long broken =
        walk(scenario, schedule, Long.MAX_VALUE)
            .end()
            .firstBroken()
            .get("PrivatePageIsNeverHostMapped");
    Walk walk = walk(scenario, schedule, broken);
    assertThat(text(scenario, Overrides.NONE, walk.steps()))
        .startsWith("# Found by a random walk of " + RACE + ".\n\nstory: |\n")
        .contains(
            """
                - set-private: 2 MiB..3 MiB
                  expect: {one of: [ok, EINVAL]}

            expect:
              # page 512 is private and mapped by toucher-memory
              - breaks: PrivatePageIsNeverHostMapped

            schedule:
              - tick vmm                                   # 1 start: 0..4095 private
              - deliver vmm task 1 -> kvm                  # 2 set 0..4095 private
              - advance kvm task 2                         # 3 conversion, lock slots exclusive
            """)
        .endsWith("; PrivatePageIsNeverHostMapped BREAKS\n");
    RecordedRun recorded = onAkka(again(scenario, Overrides.NONE, walk), "race");
    assertThat(recorded.steps().getLast().properties())
        .singleElement()
        .satisfies(
            change -> assertThat(change.property()).isEqualTo("PrivatePageIsNeverHostMapped"));
  }

  @Test
  void a_run_that_was_cut_goes_on_with_the_steps() throws Exception {
    Scenario scenario = Stories.load(RACE, Overrides.NONE);
    Walk walk = walk(scenario, new Schedule.Random(scenario.seed()), Long.MAX_VALUE);
    Scenario written = again(scenario, Overrides.NONE, walk);
    Path file = folder.resolve("cut.jsonl");
    RunResult cut =
        AkkaRun.run(
            written,
            written.ownSchedule(),
            written.seed(),
            AkkaRun.atMost(5)
                .withFallback(
                    new AkkaRun.JournalAt(file, false, "never").over(ConfigFactory.load())));
    assertThat(cut).isInstanceOf(RunResult.Stopped.class);
    RecordedRun half = RecordedRun.read(file);
    Scenario brought =
        ScenarioLoader.fromSources(half.started().sources(), new Problems()).orElseThrow();
    RunResult end =
        AkkaRun.run(
            brought,
            Replay.schedule(brought, half.started()),
            half.started().seed(),
            new AkkaRun.JournalAt(file, true, "never"));
    assertThat(end)
        .isInstanceOfSatisfying(
            RunResult.Ended.class,
            ended -> {
              assertThat(ended.recovered()).isEqualTo(5);
              assertThat(ended.entry().asExpected()).isTrue();
              assertThat(ended.entry().steps()).isEqualTo(walk.steps().size());
            });
    assertReplays(RecordedRun.read(file));
  }

  @Test
  void a_design_of_another_file_is_written_down() throws Exception {
    String path =
        stories.file(
            "forgets.yaml",
            """
            # A question.
            name: forgets
            source: |
              a question,
              asked by nobody
            based-on: in-place-v8
            drop: {convert.to-private: [store-attributes]}    # what then?
            """);
    Overrides overrides = Stories.revision(path);
    Scenario scenario = Stories.load("tdx/good-guest-shares-a-buffer", overrides);
    Walk walk = walk(scenario, new Schedule.Random(1), 60);
    String text = text(scenario, overrides, walk.steps());
    assertThat(text)
        .contains(
            """
            revision:
              # A question.
              name: forgets
              source: |
                a question,
                asked by nobody
              based-on: in-place-v8
              drop: {convert.to-private: [store-attributes]}    # what then?
            """);
    Files.delete(Path.of(path));
    Scenario written = again(scenario, overrides, walk);
    assertThat(written.setup().revision()).isEqualTo(scenario.setup().revision());
    assertReplays(onAkka(written, "forgets"));
    // What was written once is written again as it is.
    Scenario twice = again(written, Overrides.NONE, walk(written, written.ownSchedule(), 40));
    assertThat(twice.setup().revision()).isEqualTo(scenario.setup().revision());
  }

  @Test
  void comments_stay_and_what_does_not_hold_here_goes() {
    Scenario scenario =
        stories.scenario(
            """
            # On top.
            story: A guest accepts memory.
            mode: tdx                              # the mode
            memory: {size: 16 MiB, shared: 2 MiB..4 MiB}
            parties: {app: {kind: process}}

            schedule: random                       # whatever comes
            seed: 7

            script:
              app:
                # Too early.
                - load: {at: 2 MiB, expect: SIGBUS}   # a no
                - load: 2 MiB
                  name: later
                  expect: {one of: [ok, SIGBUS]}
              vmm:
                - await: app
                - set-private: 2 MiB..3 MiB
                  expect:
                    one of: [EAGAIN, ENOMEM]
            expect:
              - finally: {2 MiB..3 MiB: shared}
            # At the end.
            """);
    Walk walk = walk(scenario, new Schedule.Fifo(), Long.MAX_VALUE);
    String text = text(scenario, Overrides.NONE, walk.steps());
    assertThat(text.substring(0, text.indexOf("schedule:")))
        .isEqualTo(
            """
            # Found by a random walk of story.

            # On top.
            story: A guest accepts memory.
            mode: tdx                              # the mode
            memory: {size: 16 MiB, shared: 2 MiB..4 MiB}
            parties: {app: {kind: process}}

            script:
              app:
                # Too early.
                - load: {at: 2 MiB, expect: 0}   # a no
                - load: 2 MiB
                  name: later
                  expect: {one of: [ok, SIGBUS]}
              vmm:
                - await: app
                - set-private: 2 MiB..3 MiB
                  expect:
                    ok

            """);
    assertThat(text).endsWith("# At the end.\n");
    again(scenario, Overrides.NONE, walk);
  }

  @Test
  void a_scenario_in_brackets_is_written_without_the_outer_ones() {
    Scenario scenario =
        stories.scenario(
            """
            {story: A guest accepts memory., mode: tdx, "memory": {size: 16 MiB},
            script: {guest: [{accept: 4 MiB, expect:
              {one of: [ok]}}]}, expect: [finally: {4 MiB: private}]}
            """);
    Walk walk = walk(scenario, new Schedule.Fifo(), Long.MAX_VALUE);
    assertThat(text(scenario, Overrides.NONE, walk.steps()))
        .contains(
            """
            story: A guest accepts memory.
            mode: tdx
            "memory": {size: 16 MiB}
            """);
    again(scenario, Overrides.NONE, walk);
  }

  @Test
  void what_is_stuck_is_written_as_such() {
    Scenario scenario =
        stories.scenario(
            """
            story: A guest waits.
            mode: tdx
            memory: {size: 16 MiB}
            script:
              guest:
                - await: {refused-by: gmem}
                - accept: 4 MiB
            """);
    Walk walk = walk(scenario, new Schedule.Fifo(), Long.MAX_VALUE);
    assertThat(text(scenario, Overrides.NONE, walk.steps())).contains("\n  - stuck\n");
    again(scenario, Overrides.NONE, walk);
  }

  @Test
  void what_was_looked_for_is_so_after_the_last_step() throws Exception {
    Scenario scenario = Stories.load("tdx/good-guest-shares-a-buffer", Overrides.NONE);
    Walk walk = walk(scenario, new Schedule.Fifo(), Long.MAX_VALUE);
    String expression = "page 512 is shared";
    List<Step> steps = new ArrayList<>();
    Run run = Run.start(scenario, new Schedule.Fifo());
    Expression wanted =
        ((Parsed.Right) Expression.parse(expression, scenario.setup())).expression();
    while (!wanted.holds(run.world())) {
      steps.add(walk.steps().get(steps.size()));
      run = run.take(steps.getLast()).after();
    }
    assertThat(steps).isNotEmpty();
    for (String text : List.of(expression, "not (" + expression + ")")) {
      Scenario written =
          stories.scenario(
              new RecordedScenario(
                      scenario,
                      Overrides.NONE,
                      StepLabels.of(scenario, steps),
                      Optional.empty(),
                      Optional.of(text),
                      "")
                  .text());
      List<String> failures = Stories.run(written, written.ownSchedule()).failures();
      if (text.equals(expression)) {
        assertThat(failures).isEmpty();
        onAkka(written, "found");
      } else {
        assertThat(failures)
            .singleElement()
            .asString()
            .endsWith(": after the last step this was to be so, and is not: " + text);
      }
    }
  }

  @Test
  void steps_that_cannot_be_taken_are_not_written() {
    Scenario scenario = Stories.load(RACE, Overrides.NONE);
    List<Step> steps = walk(scenario, new Schedule.Fifo(), 5).steps();
    RecordedScenario none =
        new RecordedScenario(
            scenario,
            Overrides.NONE,
            List.of(new RecordedScenario.Labelled(steps.get(4), "")),
            Optional.empty(),
            Optional.empty(),
            "");
    assertThatThrownBy(none::text).hasMessage("step 1 cannot be taken");
  }
}
