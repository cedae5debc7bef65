package dev.faultline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SeedsTest {

  private static final String RING = "sw-protected/good-closed-ring-holds-on";

  private record Outcome(int exitCode, String out, String err) {}

  private static Outcome run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    List<String> all = new ArrayList<>(List.of("run"));
    all.addAll(List.of(arguments));
    int exitCode = Main.run(new PrintWriter(out), new PrintWriter(err), all.toArray(String[]::new));
    return new Outcome(
        exitCode, out.toString().replaceAll("[0-9]+\\.[0-9]+ s", "0.00 s"), err.toString());
  }

  @Test
  void an_outcome_is_a_line_with_its_count_and_first_seed() {
    assertThat(run(RING, "--seeds", "1..20"))
        .isEqualTo(
            new Outcome(
                0,
                """
                sw-protected/good-closed-ring-holds-on  sw-protected, in-place-v8, reference VMM
                      19  from seed 1  first ok: as expected
                       1  from seed 3  first EAGAIN: as expected
                  20 runs, 2 outcomes  0.00 s
                """,
                ""));
    assertThat(run(RING, "--seeds", "1..20", "--quiet")).isEqualTo(new Outcome(0, "", ""));
  }

  @Test
  void a_run_that_is_not_as_expected_is_exit_code_1() {
    Outcome loud = run(RING, "--seeds", "1..2", "--steps", "5");
    assertThat(loud.exitCode).isEqualTo(1);
    assertThat(loud.out)
        .contains("\n       2  from seed 1  first no answer: stopped after 5 steps");
    assertThat(run(RING, "--seeds", "1..2", "--steps", "5", "--quiet"))
        .isEqualTo(
            new Outcome(
                1,
                "",
                "       2  from seed 1  first no answer: stopped after 5 steps, not ended\n"));
    // What is to break does not under most seeds.
    Outcome bad = run("tdx/bad-fault-races-conversion-without-lock", "--seeds", "76..77");
    assertThat(bad.exitCode).isEqualTo(1);
    assertThat(bad.out)
        .contains("1  from seed 76  toucher-1 0, vmm-1 ok: as expected\n")
        .contains("NOT as expected: bad-fault-races-conversion-without-lock.yaml:")
        .contains(": PrivatePageIsNeverHostMapped was to break, and held\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--seeds 5..1 | --seeds 5..1: ends before it begins",
        "--seeds many | --seeds many: expected A..B, for instance 1..1000: both are in",
        "--seeds 1..2 --seed 3 | --seed cannot be given with --seeds: it runs once for each seed"
            + " and journals nothing",
        "--seeds 1..2 --resume x | --resume cannot be given with --seeds: it runs once for each"
            + " seed and journals nothing",
        "--seeds 1..2 --journal x | --journal cannot be given with --seeds: it runs once for each"
            + " seed and journals nothing",
        "--seeds 1..2 --sync each | --sync cannot be given with --seeds: it runs once for each"
            + " seed and journals nothing",
        "--seeds 1..2 --schedule fifo | --seeds 1..2 says nothing to the fifo schedule; leave"
            + " --schedule out",
        "--seeds 1..2 --schedule x | --schedule x: with --seeds expected random, or nothing",
        "--seeds 1..2 --steps 0 | --steps 0: expected a whole number from 1",
      })
  void what_makes_no_sense_is_said_in_a_sentence(String arguments, String sentence) {
    List<String> all = new ArrayList<>(List.of(RING));
    all.addAll(List.of(arguments.split(" ")));
    assertThat(run(all.toArray(String[]::new))).isEqualTo(new Outcome(2, "", sentence + "\n"));
  }

  @Test
  void seeds_need_a_scenario() {
    assertThat(run("--seeds", "1..2"))
        .isEqualTo(
            new Outcome(
                2, "", "no scenario given; `faultline list` prints those that are shipped\n"));
  }
}
