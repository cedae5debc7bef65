package dev.faultline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A scenario that says its steps, on the command line. */
class RecordedRunTest {

  private static final String STORY =
      """
      story: A process touches a page.
      mode: tdx
      memory: {size: 16 MiB, shared: 2 MiB..4 MiB}
      parties: {app: {kind: process}}
      script:
        app:
          - load: {at: 2 MiB, expect: 0}
      schedule:
        - tick vmm                          # memory gets its first view
        - deliver vmm task 1 -> gmem
      """;

  @TempDir Path folder;

  private Path file;
  private String journal;

  @BeforeEach
  void write() throws Exception {
    file = Files.writeString(folder.resolve("story.yaml"), STORY);
    journal = folder.resolve("run").toString();
  }

  private record Outcome(int exitCode, String out, String err) {}

  private static Outcome faultline(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exitCode = Main.run(new PrintWriter(out), new PrintWriter(err), arguments);
    return new Outcome(exitCode, out.toString(), err.toString());
  }

  private Outcome run(String... options) {
    List<String> all = new ArrayList<>(List.of("run", file.toString()));
    all.addAll(List.of(options));
    return faultline(all.toArray(String[]::new));
  }

  @Test
  void the_end_is_that_of_the_schedule() {
    Outcome ran = run("--journal", journal);
    assertThat(ran.exitCode).isZero();
    assertThat(ran.out)
        .startsWith("story: tdx, in-place-v8, reference VMM, recorded\n")
        .contains("end of the recorded schedule after 2 steps: as expected\n")
        .contains("as expected: 2 steps, 1 expectation, ")
        .contains("\n  end of the recorded schedule after 2 steps\n");
    assertThat(faultline("show", journal).out)
        .contains("end of the recorded schedule after 2 steps: as expected\n");
    assertThat(faultline("why", journal, "--page", "512").exitCode).isZero();
    assertThat(faultline("replay", journal).out)
        .isEqualTo("identical: 2 steps decided again, 0 differ\n");
    assertThat(faultline("run", "--resume", journal).out)
        .contains("2 steps were in the journal already");
  }

  @Test
  void a_run_that_was_stopped_goes_on_with_the_steps() {
    assertThat(run("--journal", journal, "--steps", "1").out).contains("stopped after 1 step");
    Outcome resumed = faultline("run", "--resume", journal);
    assertThat(resumed.exitCode).isZero();
    assertThat(resumed.out).contains("\n  end of the recorded schedule after 2 steps\n");
  }

  @Test
  void a_step_that_cannot_be_taken_is_exit_code_1() throws Exception {
    Files.writeString(file, STORY + "  - deliver app -> gmem\n");
    Outcome ran = run("--journal", journal, "--quiet");
    assertThat(ran.exitCode).isEqualTo(1);
    assertThat(ran.err)
        .contains("  NOT as expected: 2 steps, ")
        .contains(
            "\n  story.yaml:11: step 3 cannot be taken: deliver app -> gmem: nothing is under way"
                + " from app to gmem; what can be taken: advance gmem task 1\n");
    assertThat(faultline("replay", journal).out)
        .isEqualTo("identical: 2 steps decided again, 0 differ\n");
  }

  @Test
  void another_schedule_has_to_be_asked_for() {
    assertThat(run("--seed", "3"))
        .isEqualTo(
            new Outcome(
                2, "", "--seed 3 says nothing to the recorded schedule; add --schedule random\n"));
    assertThat(run("--seeds", "1..3"))
        .isEqualTo(
            new Outcome(
                2,
                "",
                "--seeds 1..3 says nothing to the recorded schedule of story.yaml; add --schedule"
                    + " random\n"));
    assertThat(run("--seeds", "1..3", "--schedule", "random").out).contains("3 runs, 1 outcome");
    Outcome random = run("--journal", journal, "--schedule", "random", "--seed", "3");
    assertThat(random.exitCode).isZero();
    assertThat(random.out)
        .startsWith("story: tdx, in-place-v8, reference VMM, random, seed 3\n")
        .doesNotContain("recorded");
    assertThat(
            faultline(
                "run", "tdx/good-no-op-conversion", "--schedule", "recorded", "--journal", journal))
        .isEqualTo(
            new Outcome(
                2, "", "--schedule recorded: good-no-op-conversion.yaml has no recorded steps\n"));
  }

  @Test
  void an_override_may_make_a_step_impossible() {
    Outcome ran = run("--revision", "rfc-2024-09", "--journal", journal);
    assertThat(ran.exitCode).isEqualTo(1);
    assertThat(ran.out)
        .contains("story.yaml:10: step 2 cannot be taken: deliver vmm task 1 -> gmem: ");
  }
}
