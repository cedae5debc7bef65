package dev.faultline.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.scenario.yaml.Problems;
import dev.faultline.testing.Stories;
import dev.faultline.world.Schedule;
import dev.faultline.world.Step;
import dev.faultline.world.StepText;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Scenarios that say their steps: what is read, what is run, and what is expected of the end. */
class RecordedScheduleTest {

  private static final String TOUCH =
      """
      story: A process touches a page.
      mode: tdx
      memory: {size: 16 MiB, shared: 2 MiB..4 MiB}
      parties: {app: {kind: process}}
      script:
        app:
          - load: {at: 2 MiB, expect: 0}
      """;

  private static final String RACE =
      """
      story: A page fault races a conversion that takes no lock.
      mode: tdx
      revision: rfc-2024-09-without-lock
      memory: {size: 16 MiB, shared: 2 MiB..4 MiB}
      parties: {toucher: {kind: process}}
      script:
        toucher:
          - load: 2 MiB
        vmm:
          - set-private: 2 MiB..3 MiB
      """;

  @TempDir Path folder;

  private Stories stories;

  @BeforeEach
  void begin() {
    stories = new Stories(folder);
  }

  private List<String> told(String text) {
    Problems problems = new Problems();
    ScenarioLoader.load(
        new Library.OfFiles(Path.of("")),
        stories.file("s.yaml", text),
        ScenarioLoader.Overrides.NONE,
        problems);
    return problems.sorted().stream()
        .map(problem -> problem.toString().replace(folder + "/", ""))
        .toList();
  }

  /** The steps of a walk, as a scenario writes them. */
  private static String schedule(List<Step> steps) {
    StringBuilder text = new StringBuilder("schedule:\n");
    steps.forEach(step -> text.append("  - ").append(StepText.of(step)).append('\n'));
    return text.toString();
  }

  private static List<Step> walk(Scenario scenario, long seed, int atMost) {
    List<Step> steps = new ArrayList<>();
    Run run = Run.start(scenario, new Schedule.Random(seed));
    for (Optional<Step> next = run.next();
        next.isPresent() && steps.size() < atMost;
        next = run.next()) {
      steps.add(next.get());
      run = run.take(next.get()).after();
    }
    return steps;
  }

  private static List<String> failures(Scenario scenario) {
    return Stories.run(scenario, scenario.ownSchedule()).failures();
  }

  @Test
  void steps_that_are_none_are_told_with_their_columns() {
    assertThat(
            told(
                TOUCH
                    + """
                    schedule:
                      - tick vmm                  # good
                      - tick  ap
                      - "deliver app -> gmm"
                      - deliver vmm task 1 -> gmem, alternativ 1
                      - jump vmm
                      - {tick: vmm}
                      - 7
                    """))
        .containsExactly(
            "s.yaml:10:11: expected a party, found \"ap\"; did you mean \"app\"?",
            "s.yaml:11:21: expected a party, found \"gmm\"; did you mean \"gmem\"?",
            "s.yaml:12:33: expected an alternative, found \"alternativ\"",
            "s.yaml:13:5: expected a step, found \"jump\"; one of: deliver, advance, tick, kill",
            "s.yaml:14:5: expected a step such as \"tick guest\", found a mapping",
            "s.yaml:15:5: expected a step such as \"tick guest\", found the number 7");
    assertThat(told(TOUCH + "schedule: []\n")).isEmpty();
    assertThat(told(TOUCH + "schedule: recorded\n"))
        .containsExactly("s.yaml:8:11: unknown schedule \"recorded\"; one of: fifo, random");
  }

  @Test
  void what_is_expected_of_steps_needs_steps() {
    String wishes =
        """
        expect:
          - breaks: {property: VmmMapMatchesKvm, at-step: 3}
          - loops-from: 2
          - found: page 0 is privat
        """;
    assertThat(told(TOUCH + wishes))
        .containsExactly(
            "s.yaml:9:51: needs a recorded schedule: write its steps under \"schedule\"",
            "s.yaml:10:17: needs a recorded schedule: write its steps under \"schedule\"",
            "s.yaml:11:12: needs a recorded schedule: write its steps under \"schedule\"");
    assertThat(told(TOUCH + wishes + "schedule: [tick vmm, tick app]\n"))
        .containsExactly(
            "s.yaml:9:51: the recorded schedule has 2 steps; expected at most 2, found 3",
            "s.yaml:10:17: the recorded schedule has 2 steps; expected at most 1, found 2");
  }

  @Test
  void what_is_to_be_found_is_read_with_its_columns() {
    assertThat(told(TOUCH + "expect: [found: page 0 is privat]\nschedule: [tick vmm]\n"))
        .singleElement()
        .asString()
        .startsWith("s.yaml:8:27: ")
        .contains("did you mean \"private\"?");
    assertThat(told(TOUCH + "expect:\n  - found: \"page 0 is private\"\nschedule: [tick vmm]\n"))
        .isEmpty();
  }

  @Test
  void a_run_takes_exactly_the_steps_and_ends() {
    Scenario free = stories.scenario(TOUCH);
    List<Step> steps = walk(free, 3, Integer.MAX_VALUE);
    for (int count : List.of(1, 7, steps.size())) {
      Scenario scenario = stories.scenario(TOUCH + schedule(steps.subList(0, count)));
      Run run = Stories.run(scenario, scenario.ownSchedule());
      assertThat(run.agenda().step()).isEqualTo(count);
      assertThat(run.isRecordedEnd()).isTrue();
      assertThat(run.failures()).isEmpty();
      assertThat(run.world()).isEqualTo(after(free, steps.subList(0, count)).world());
    }
  }

  private static Run after(Scenario scenario, List<Step> steps) {
    Run run = Run.start(scenario, new Schedule.Fifo());
    for (Step step : steps) {
      run = run.take(step).after();
    }
    return run;
  }

  @Test
  void a_step_that_cannot_be_taken_is_told_with_its_line_and_what_can() {
    String first = TOUCH + "schedule:\n  - tick vmm\n";
    String instead = "; what can be taken: deliver vmm task 1 -> gmem";
    assertThat(failures(stories.scenario(first + "  - deliver vmm -> gmem\n")))
        .containsExactly(
            "story.yaml:10: step 2 cannot be taken: deliver vmm -> gmem: nothing is under way from"
                + " vmm to gmem"
                + instead);
    assertThat(failures(stories.scenario(first + "  - advance gmem task 4\n")))
        .containsExactly(
            "story.yaml:10: step 2 cannot be taken: advance gmem task 4: gmem has no task 4 that"
                + " can move"
                + instead);
    assertThat(failures(stories.scenario(first + "  - tick vmm\n")))
        .containsExactly(
            "story.yaml:10: step 2 cannot be taken: tick vmm: vmm's start-1 is not answered yet"
                + instead);
    assertThat(failures(stories.scenario(first + "  - tick app\n")))
        .containsExactly(
            "story.yaml:10: step 2 cannot be taken: tick app: app's app-1 still waits" + instead);
    assertThat(failures(stories.scenario(first + "  - tick guest\n")))
        .containsExactly(
            "story.yaml:10: step 2 cannot be taken: tick guest: guest has no script" + instead);
    assertThat(
            failures(stories.scenario(first + "  - deliver vmm task 1 -> gmem, alternative 1\n")))
        .containsExactly(
            "story.yaml:10: step 2 cannot be taken: deliver vmm task 1 -> gmem, alternative 1:"
                + " there is no choice, and so no alternative 1"
                + instead);
    List<Step> all = walk(stories.scenario(TOUCH), 3, Integer.MAX_VALUE);
    assertThat(failures(stories.scenario(TOUCH + schedule(all) + "  - tick app\n")))
        .containsExactly(
            "story.yaml:"
                + (9 + all.size())
                + ": step "
                + (1 + all.size())
                + " cannot be taken: tick app: app's script has ended; nothing can move");
  }

  @Test
  void a_promise_breaks_at_the_last_step_or_at_the_one_that_is_said() {
    Scenario race = stories.scenario(RACE);
    long seed = 1;
    while (Stories.run(race, new Schedule.Random(seed)).firstBroken().isEmpty()) {
      seed++;
    }
    Run broken = Stories.run(race, new Schedule.Random(seed));
    String property = "PrivatePageIsNeverHostMapped";
    int at = Math.toIntExact(broken.firstBroken().get(property));
    List<Step> steps = walk(race, seed, at + 1);
    String wish = "expect:\n  - breaks: " + property + "\n";
    assertThat(failures(stories.scenario(RACE + wish + schedule(steps.subList(0, at))))).isEmpty();
    assertThat(failures(stories.scenario(RACE + wish + schedule(steps.subList(0, at - 1)))))
        .containsExactly("story.yaml:12: " + property + " was to break, and held");
    assertThat(failures(stories.scenario(RACE + wish + schedule(steps))))
        .containsExactly(
            "story.yaml:12: %s was to break at step %d, and broke at step %d"
                .formatted(property, at + 1, at));
    String said = "expect:\n  - breaks: {property: " + property + ", at-step: " + at + "}\n";
    assertThat(failures(stories.scenario(RACE + said + schedule(steps)))).isEmpty();
    assertThat(failures(stories.scenario(RACE + schedule(steps))))
        .containsExactly(property + " broke");
  }

  @Test
  void a_world_is_stuck_if_nobody_can_move_and_somebody_waits() {
    String waits = TOUCH + "  guest: [{await: {refused-by: gmem}}, accept: 4 MiB]\n";
    List<Step> steps = walk(stories.scenario(waits), 1, Integer.MAX_VALUE);
    String stuck = "expect: [stuck]\n";
    assertThat(failures(stories.scenario(waits + stuck + schedule(steps)))).isEmpty();
    assertThat(failures(stories.scenario(waits + schedule(steps))))
        .containsExactly("guest's guest-2 waits for a refusal by gmem, which never comes");
    assertThat(
            failures(
                stories.scenario(waits + stuck + schedule(steps.subList(0, steps.size() - 1)))))
        .singleElement()
        .asString()
        .startsWith("story.yaml:9: nobody was to move any more; what can be taken: ");
    List<Step> answered = walk(stories.scenario(TOUCH), 1, Integer.MAX_VALUE);
    assertThat(failures(stories.scenario(TOUCH + stuck + schedule(answered))))
        .containsExactly("story.yaml:8: somebody was to wait for ever, and all is answered");
  }

  @Test
  void a_lasso_comes_back_to_the_world_that_it_left() {
    String revision =
        stories.file(
            "forgets.yaml",
            """
            name: forgets
            source: a question
            based-on: in-place-v8
            drop: {convert.to-private: [store-attributes]}
            """);
    String text =
        """
        story: A guest accepts memory that it has asked for.
        mode: tdx
        revision: %s
        memory: {size: 32 KiB, shared: 8 KiB..24 KiB}
        script:
          guest:
            - convert-to-private: 8 KiB..12 KiB
            - accept: 8 KiB..12 KiB
        """
            .formatted(revision);
    List<Step> steps = new ArrayList<>();
    Run run = Run.start(stories.scenario(text), new Schedule.Fifo());
    while (steps.size() < 220) {
      steps.add(run.next().orElseThrow());
      run = run.take(run.next().orElseThrow()).after();
    }
    String expect =
        """
        expect:
          - breaks: EveryRequestIsAnswered
          - loops-from: %%d
          - breaks: {property: VmmMapMatchesKvm, at-step: %d}
          - breaks: {property: SucceededConversionIsWhole, at-step: %d}
        """
            .formatted(
                run.firstBroken().get("VmmMapMatchesKvm"),
                run.firstBroken().get("SucceededConversionIsWhole"));
    assertThat(failures(stories.scenario(text + expect.formatted(200) + schedule(steps))))
        .isEmpty();
    assertThat(failures(stories.scenario(text + expect.formatted(199) + schedule(steps))))
        .containsExactly(
            "story.yaml:10: EveryRequestIsAnswered was to break, and held",
            "story.yaml:11: after the last step the world was to be what it was after step 199,"
                + " and is another");
  }
}
