package dev.faultline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.testing.LongScenario;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What somebody is told who makes mistakes, stops a run, or has a run that does not end. */
class CommandsIT {

  private static final String STORY = "tdx/good-no-op-conversion";

  @TempDir Path folder;

  private record Answer(int exitCode, String out, String err) {}

  private static ProcessBuilder process(Path in, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of("target", "faultline").toAbsolutePath().toString());
    command.addAll(arguments);
    return new ProcessBuilder(command)
        .directory(in.toFile())
        .redirectOutput(in.resolve("out").toFile())
        .redirectError(in.resolve("err").toFile());
  }

  private Answer answer(Process process) throws IOException, InterruptedException {
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Answer(
        process.exitValue(),
        Files.readString(folder.resolve("out")),
        Files.readString(folder.resolve("err")));
  }

  private Answer faultline(String... arguments) throws IOException, InterruptedException {
    return answer(process(folder, List.of(arguments)).start());
  }

  private void settings(String text) throws IOException {
    Files.createDirectories(folder.resolve("conf"));
    Files.writeString(folder.resolve("conf").resolve("application.conf"), text);
  }

  private static Answer bad(String text) {
    return new Answer(2, "", text + "\n");
  }

  /** A revision under which the accept of a page faults for ever. */
  private void endless() throws IOException {
    Files.writeString(
        folder.resolve("endless.yaml"),
        """
        name: endless
        source: a question
        based-on: in-place-v8
        drop: {convert.to-private: [store-attributes]}
        """);
  }

  @Test
  void runs_that_start_at_once_get_a_folder_each() throws Exception {
    List<Process> runs = new ArrayList<>();
    for (int run = 0; run < 3; run++) {
      runs.add(process(folder, List.of("run", STORY, "--quiet")).start());
    }
    for (Process run : runs) {
      assertThat(run.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(run.exitValue()).isZero();
    }
    for (int number = 1; number <= 3; number++) {
      assertThat(folder.resolve("journal/run/good-no-op-conversion-" + number + "/journal.jsonl"))
          .isNotEmptyFile();
    }
  }

  /** The loser finds the journal growing, by the hand of the other. */
  @Test
  void of_two_that_go_on_at_once_the_second_offers_nothing() throws Exception {
    LongScenario.write(folder, 2000);
    faultline("run", "long.yaml", "--journal", "a", "--steps", "10", "--quiet");
    Path journal = folder.resolve("a").resolve("journal.jsonl");
    Path other = Files.createDirectory(folder.resolve("other"));
    List<String> resume = List.of("run", "--quiet", "--resume", journal.toString());
    long before = Files.size(journal);
    Process first = process(other, resume).start();
    while (first.isAlive() && Files.size(journal) == before) {
      Thread.onSpinWait();
    }
    Answer second = faultline(resume.toArray(String[]::new));
    first.destroy();
    assertThat(second)
        .isEqualTo(
            new Answer(
                3,
                "",
                "faultline: " + journal + " is being written by process " + first.pid() + "\n"));
    assertThat(first.waitFor(60, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void a_pipe_is_not_gone_on_with() throws Exception {
    Process made =
        new ProcessBuilder("mkfifo", "pipe").directory(folder.toFile()).inheritIO().start();
    assertThat(made.waitFor()).isZero();
    assertThat(faultline("run", "--resume", "pipe"))
        .isEqualTo(bad("pipe: is no file; what is gone on with is written to"));
  }

  @Test
  void a_run_without_an_end_is_stopped_and_goes_on_with_more_steps() throws Exception {
    endless();
    String story = "tdx/good-blocked-by-vfio-then-retried";
    Answer stopped =
        faultline("run", story, "--revision", "endless.yaml", "--steps", "500", "--journal", "a");
    assertThat(stopped.exitCode).isEqualTo(1);
    assertThat(stopped.err).isEmpty();
    assertThat(stopped.out.replaceAll("\\d+\\.\\d\\d s", "0.00 s"))
        .isEqualTo(
            """
            tdx/good-blocked-by-vfio-then-retried  tdx, endless, reference VMM
              stopped after 500 steps, not ended  0.00 s
              SucceededConversionIsWhole broke
              VmmMapMatchesKvm broke
              vmm, kvm and gmem go round: 20 steps later the world is again what it
              is now.
              Under way: guest's accept 512..767
              (good-blocked-by-vfio-then-retried.yaml:23).
              A round: gmem to kvm, invalidate 512..767; gmem to vmm, ok; vmm to
              kvm, run, ret 0; kvm to vmm, exit: memory fault 512..767 private; vmm
              to gmem, set 512..767 private.
              a/journal.jsonl

              faultline run --resume a/journal.jsonl --steps 1000
              faultline show a/journal.jsonl
              faultline why a/journal.jsonl --page 512
              faultline replay a/journal.jsonl
            """);
    Answer replayed = faultline("replay", "a");
    assertThat(replayed.exitCode).isZero();
    assertThat(replayed.out)
        .startsWith(
            """
            identical: 500 steps decided again, 0 differ
              the run has not ended: its journal stops after step 500
              vmm, kvm and gmem go round: 20 steps later\
            """);
    Answer more = faultline("run", "--resume", "a", "--steps", "700", "--quiet");
    assertThat(more.exitCode).isEqualTo(1);
    assertThat(more.out).isEmpty();
    assertThat(more.err)
        .startsWith("  stopped after 700 steps, not ended  ")
        .endsWith("\n\n  faultline run --resume a/journal.jsonl --steps 1400\n");
    faultline(
        "run", story, "--revision", "endless.yaml", "--steps", "700", "--journal", "b", "--quiet");
    assertThat(folder.resolve("a").resolve("journal.jsonl"))
        .hasSameBinaryContentAs(folder.resolve("b").resolve("journal.jsonl"));
  }

  @Test
  void options_that_would_say_nothing_are_refused() throws Exception {
    assertThat(faultline("run", STORY, "--seed", "4"))
        .isEqualTo(bad("--seed 4 says nothing to the fifo schedule; add --schedule random"));
    assertThat(faultline("run", STORY, "--seed", "abc"))
        .isEqualTo(
            bad(
                "faultline run: invalid value for option '--seed': 'abc' is not a whole number;"
                    + " see faultline run --help"));
    assertThat(faultline("run", STORY, "--steps", "0"))
        .isEqualTo(bad("--steps 0: expected a whole number from 1"));
    assertThat(faultline("run", STORY, "--world", "w"))
        .isEqualTo(
            bad(
                "--world w: a run is a file here and needs no name; --world is for another"
                    + " journal plugin, set in ./conf/application.conf"));
    assertThat(faultline("export", "w", "--as", "jsonl"))
        .isEqualTo(
            bad(
                "runs are journal files already: journal/run/NAME-N/journal.jsonl. export reads"
                    + " a run out of another journal plugin, and ./conf/application.conf sets"
                    + " none"));
    settings("akka.persistence.journal.plugin = akka.persistence.journal.inmem");
    assertThat(faultline("run", STORY, "--world", "w", "--journal", "a"))
        .isEqualTo(
            bad(
                "--journal is for journal files, and ./conf/application.conf sets another"
                    + " journal plugin"));
    assertThat(faultline("run", STORY))
        .isEqualTo(
            bad(
                "./conf/application.conf sets another journal plugin; name the run with --world"
                    + " NAME"));
    assertThat(faultline("run", STORY, "--world", "w", "--quiet")).isEqualTo(new Answer(0, "", ""));
    assertThat(faultline("export", "w", "--as", "jsonl"))
        .isEqualTo(bad("the journal has no run of the name \"w\""));
    assertThat(folder.resolve("journal")).doesNotExist();
  }

  @Test
  void settings_that_are_wrong_are_bad_input() throws Exception {
    settings("akka.persistence.journal.plugin = no.such");
    Answer noPlugin =
        bad(
            "conf/application.conf: akka.persistence.journal.plugin is no.such, and there are no"
                + " settings of that name");
    assertThat(faultline("run", STORY)).isEqualTo(noPlugin);
    assertThat(faultline("export", "w", "--as", "jsonl")).isEqualTo(noPlugin);
    settings("faultline.steps = 0");
    assertThat(faultline("run", STORY))
        .isEqualTo(bad("conf/application.conf: faultline.steps is less than 1"));
    settings("faultline.steps = many");
    assertThat(faultline("run", STORY).exitCode).isEqualTo(2);
    settings("akka {");
    assertThat(faultline("run", STORY).exitCode).isEqualTo(2);
  }

  @Test
  void a_failing_run_says_what_to_look_at() throws Exception {
    Path story =
        Files.writeString(
            folder.resolve("story.yaml"),
            """
            story: A guest reads what is not there.
            mode: tdx
            memory: {size: 32 KiB, shared: 8 KiB..24 KiB}
            script:
              guest:
                - load: {at: 8 KiB, expect: 7}
            """);
    Answer loud = faultline("run", story.toString(), "--journal", "a");
    assertThat(loud.exitCode).isEqualTo(1);
    assertThat(loud.out)
        .contains("NOT as expected: ", " steps, 1 expectation, 18 properties  ")
        .endsWith(
            """
              a/journal.jsonl

              faultline show a/journal.jsonl
              faultline why a/journal.jsonl --page 2
              faultline replay a/journal.jsonl
            """);
    Answer quiet = faultline("run", story.toString(), "--journal", "b", "--quiet");
    assertThat(quiet.exitCode).isEqualTo(1);
    assertThat(quiet.out).isEmpty();
    assertThat(quiet.err)
        .contains("  story.yaml:6: guest's ", " was to end in 7, and ended in 0\n")
        .endsWith("\n  b/journal.jsonl\n");
  }

  @Test
  void going_on_is_offered_only_where_something_was_written() throws Exception {
    Files.writeString(folder.resolve("file"), "");
    assertThat(faultline("run", STORY, "--journal", "file/a", "--quiet"))
        .isEqualTo(
            new Answer(
                3, "", "faultline: cannot write file/a/journal.jsonl: ENOTDIR, not a directory\n"));
  }

  @Test
  void a_run_that_is_stopped_closes_its_journal_and_says_how_to_go_on() throws Exception {
    LongScenario.write(folder, 2000);
    Process process = process(folder, List.of("run", "long.yaml", "--journal", "a")).start();
    Path journal = folder.resolve("a").resolve("journal.jsonl");
    while (process.isAlive() && !(Files.exists(journal) && Files.size(journal) > 100_000)) {
      Thread.onSpinWait();
    }
    // SIGTERM, on which the process does as on Ctrl-C; that one is ignored by background jobs.
    process.destroy();
    assertThat(answer(process))
        .isEqualTo(
            new Answer(143, "", "stopped; go on with: faultline run --resume a/journal.jsonl\n"));
    try (var files = Files.list(folder.resolve("a"))) {
      assertThat(files).containsExactly(journal);
    }
    assertThat(faultline("run", "--resume", "a", "--quiet")).isEqualTo(new Answer(0, "", ""));
  }

  @Test
  void a_folder_of_scenarios_and_half_a_name_lead_to_a_scenario() throws Exception {
    assertThat(faultline("run", "tdx").err.replaceAll("\\s+", " "))
        .contains("; below tdx are: bad-access-before-accept, ");
    assertThat(faultline("run", "tdx/good-blocked").err.replaceAll("\\s+", " "))
        .contains("; did you mean \"tdx/good-blocked-by-vfio-then-retried\"?");
    assertThat(faultline("run", STORY, "--revision", "in-place-v9").err.replaceAll("\\s+", " "))
        .contains("./conf/revision", "; did you mean \"in-place-v8\"?");
    assertThat(faultline("run", STORY, "--mode", "cca").err.replaceAll("\\s+", " "))
        .contains("./conf/mode", "; one of: default, direct-map-removal, ");
  }

  @Test
  void no_line_of_help_is_wider_than_a_terminal() throws Exception {
    for (String command :
        List.of(
            "", "run", "show", "why", "replay", "conform", "emit", "list", "export", "schema")) {
      Answer help = command.isEmpty() ? faultline("--help") : faultline(command, "--help");
      assertThat(help.exitCode).isZero();
      assertThat(help.out.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThan(81));
    }
  }
}
