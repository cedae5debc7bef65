package dev.faultline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run with a known bug, or with a change that the command line says. */
class MutationOptionsTest {

  private static final String MIXED = "known-bugs/good-mixed-range";

  @TempDir Path folder;

  private record Outcome(int exitCode, String out, String err) {}

  private static Outcome run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exitCode = Main.run(new PrintWriter(out), new PrintWriter(err), arguments);
    return new Outcome(
        exitCode, out.toString().replaceAll("[0-9]+\\.[0-9]+ s", "0.00 s"), err.toString());
  }

  @Test
  void a_mutation_breaks_what_it_says_and_its_journal_replays() {
    String journal = folder.resolve("b33").toString();
    Outcome mutated =
        run("run", MIXED, "--mutation", "b33-zap-kinds-in-range", "--journal", journal);
    assertThat(mutated.exitCode).isEqualTo(1);
    assertThat(mutated.out).contains("PrivatePageKeepsItsContent broke");
    assertThat(run("replay", journal).exitCode).isZero();
    assertThat(run("why", journal, "--page", "0").out).contains("PrivatePageKeepsItsContent");
    assertThat(run("run", MIXED, "--seeds", "1..5").exitCode).isZero();
  }

  @Test
  void an_act_is_left_out_and_two_change_places() {
    String journal = folder.resolve("without").toString();
    Outcome without =
        run(
            "run",
            "tdx/bad-host-touches-private",
            "--without",
            "host-fault:refuse-private",
            "--journal",
            journal);
    assertThat(without.exitCode).isEqualTo(1);
    assertThat(without.out).contains("PrivatePageIsNeverHostMapped broke");
    assertThat(run("replay", journal).exitCode).isZero();
    Outcome swapped = run("run", MIXED, "--swap", "unmap-host", "preallocate", "--seeds", "1..5");
    assertThat(swapped.exitCode).isZero();
  }

  @Test
  void what_means_nothing_is_told() {
    Outcome unknown = run("run", MIXED, "--mutation", "b33-zap-kinds-of-range");
    assertThat(unknown.exitCode).isEqualTo(2);
    assertThat(unknown.err)
        .startsWith("b33-zap-kinds-of-range: no mutation \"b33-zap-kinds-of-range\" as a path")
        .contains("did you mean", "\"b33-zap-kinds-in-range\"?");
    assertThat(run("run", MIXED, "--without", "unmap-hots").err)
        .contains("no act \"unmap-hots\" in in-place-v8-opposite", "\"unmap-host\"?");
    assertThat(run("run", MIXED, "--swap", "unmap-host").exitCode).isEqualTo(2);
  }

  @Test
  void mutations_are_listed_and_have_a_schema() {
    assertThat(run("list").out.lines().toList())
        .last()
        .asString()
        .startsWith("mutation: b01-fault-without-lock, ");
    assertThat(run("schema", "mutation").out).contains("A Faultline mutation");
    assertThat(List.of(run("schema", "mutations").err))
        .containsExactly(
            "unknown kind \"mutations\"; one of: scenario, mode, revision, vmm, guest, mutation\n");
  }
}
