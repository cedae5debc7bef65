package dev.faultline.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.scenario.Run;
import dev.faultline.scenario.Scenario;
import dev.faultline.testing.Stories;
import dev.faultline.world.Schedule;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Of a run that was stopped it is told who still moves. */
class RoundsTest {

  private static final String STORY =
      """
      story: A guest accepts memory that it has asked for.
      mode: tdx
      revision: %s
      memory: {size: 32 KiB, shared: 8 KiB..24 KiB}
      script:
        guest:
          - convert-to-private: 8 KiB..12 KiB
          - accept: 8 KiB..12 KiB
      """;

  @TempDir Path folder;

  private Stories stories;

  @BeforeEach
  void begin() {
    stories = new Stories(folder);
  }

  /** The inode says yes and keeps the old attribute, so that the guest's accept faults for ever. */
  private Scenario endless() {
    String revision =
        stories.file(
            "forgets.yaml",
            """
            name: forgets
            source: a question
            based-on: in-place-v8
            drop: {convert.to-private: [store-attributes]}
            """);
    return stories.scenario(STORY.formatted(revision));
  }

  private static Run after(Scenario scenario, Schedule schedule, int steps) {
    Run run = Run.start(scenario, schedule);
    for (int step = 0; step < steps; step++) {
      run = run.take(run.next().orElseThrow()).after();
    }
    return run;
  }

  @Test
  void parties_that_go_round_are_named_with_the_line_that_does_not_end() {
    assertThat(Rounds.tell(after(endless(), new Schedule.Fifo(), 200)))
        .isEqualTo(
            """
              vmm, kvm and gmem go round: 20 steps later the world is again what it
              is now.
              Under way: guest's accept 2 (story.yaml:8).
              A round: gmem to kvm, invalidate 2; gmem to vmm, ok; vmm to kvm, run,
              ret 0; kvm to vmm, exit: memory fault 2 private; vmm to gmem, set 2
              private.
            """);
  }

  @Test
  void a_run_that_is_about_to_end_is_no_round() {
    Scenario scenario = stories.scenario(STORY.formatted("in-place-v8"));
    Run end = Stories.run(scenario);
    int steps = (int) end.agenda().step();
    assertThat(Rounds.tell(after(scenario, new Schedule.Fifo(), steps - 1)))
        .startsWith("  It would end 1 step later.\n");
    assertThat(Rounds.tell(after(scenario, new Schedule.Fifo(), steps - 10)))
        .isEqualTo(
            """
              It would end 10 steps later.
              Under way: guest's accept 2 (story.yaml:8).
            """);
  }

  @Test
  void a_promise_that_breaks_in_each_round_is_told_of_three_times() {
    Scenario scenario = endless();
    assertThat(Why.explain(scenario, Recordings.of(scenario, new Schedule.Fifo(), 300), 2))
        .containsOnlyOnce(" times more it broke and held again.")
        .matches(text -> text.split("broke\\s+VmmMapMatchesKvm", -1).length == 4);
  }
}
