package dev.faultline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.testing.FakeModel;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConformCommandTest {

  private static final String GOOD =
      "{\"op\":\"new 1\",\"res\":\"OK\",\"ret\":0}\n"
          + "{\"op\":\"read m0 0\",\"res\":\"OK\",\"val\":0}\n";
  private static final String OTHER =
      "{\"op\":\"new 1\",\"res\":\"OK\",\"ret\":0}\n"
          + "{\"op\":\"read m0 0\",\"res\":\"OK\",\"val\":7}\n";

  @TempDir Path folder;

  private record Outcome(int exitCode, String out, String err) {}

  /** What came out, with the folder's name taken away; the model tells which revision it is of. */
  private Outcome conform(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exitCode =
        Main.run(
            new ConformCommand((_, _) -> FakeModel.first()),
            new PrintWriter(out),
            new PrintWriter(err),
            arguments);
    String prefix = folder + "/";
    return new Outcome(
        exitCode, out.toString().replace(prefix, ""), err.toString().replace(prefix, ""));
  }

  private String file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text).toString();
  }

  @Test
  void traces_that_agree_are_a_line_each() throws Exception {
    assertThat(conform(file("in-place-a.jsonl", GOOD), file("in-place-b.jsonl", GOOD)))
        .isEqualTo(
            new Outcome(
                0,
                "in-place-a.jsonl: 2 operations, 2 agree, in-place-v8\n"
                    + "in-place-b.jsonl: 2 operations, 2 agree, in-place-v8\n",
                ""));
  }

  @Test
  void a_disagreement_is_not_as_expected() throws Exception {
    assertThat(conform(file("in-place-a.jsonl", GOOD), file("in-place-b.jsonl", OTHER)))
        .isEqualTo(
            new Outcome(
                1,
                "in-place-a.jsonl: 2 operations, 2 agree, in-place-v8\n"
                    + "in-place-b.jsonl: 2 operations, 1 agree, 1 differs, in-place-v8; first at 2,"
                    + " read m0 0: the kernel answers OK val=7, the model OK val=0: offset 0 has"
                    + " 0\n",
                ""));
  }

  @Test
  void ktap_says_the_same_with_the_same_exit_code() throws Exception {
    assertThat(conform("--ktap", file("in-place-b.jsonl", OTHER)))
        .isEqualTo(
            new Outcome(
                1,
                """
                KTAP version 1
                1..1
                # 2 operations, 1 agree, 1 differs, in-place-v8
                # first disagreement: operation 2, read m0 0
                # kernel: OK val=7
                # model: OK val=0
                # reason: offset 0 has 0
                not ok 1 in-place-b.jsonl
                # Totals: pass:0 fail:1 xfail:0 xpass:0 skip:0 error:0
                """,
                ""));
  }

  @Test
  void a_word_that_is_not_known_is_bad_input_and_nothing_is_compared() throws Exception {
    String unknown = GOOD + "{\"op\":\"teleport m0\",\"res\":\"OK\"}\n";
    assertThat(conform(file("in-place-a.jsonl", GOOD), file("in-place-u.jsonl", unknown)))
        .isEqualTo(
            new Outcome(
                2,
                "",
                "in-place-u.jsonl:3:8: unsupported operation \"teleport\"\n"
                    + "1 mistake, nothing was run\n"));
  }

  @Test
  void mistakes_of_all_files_are_told_together() throws Exception {
    Outcome outcome = conform(file("in-place-a.jsonl", "{\n"), file("in-place-b.jsonl", ""));
    assertThat(outcome.exitCode).isEqualTo(2);
    assertThat(outcome.out).isEmpty();
    assertThat(outcome.err)
        .contains(
            "in-place-a.jsonl:1:2: ", "in-place-b.jsonl:1:1: ", "2 mistakes, nothing was run");
  }

  @Test
  void a_trace_whose_name_says_no_revision_needs_one() throws Exception {
    String file = file("recorded.jsonl", GOOD);
    Outcome outcome = conform(file);
    assertThat(outcome.exitCode).isEqualTo(2);
    assertThat(outcome.err.replaceAll("\\s+", " "))
        .isEqualTo(
            "recorded.jsonl: no revision: the trace's name begins neither with \"linux-7.3-\" nor"
                + " with \"in-place-\"; name one with --revision 1 mistake, nothing was run ");
    assertThat(conform("--revision", "rfc-2024-09", file))
        .isEqualTo(new Outcome(0, "recorded.jsonl: 2 operations, 2 agree, rfc-2024-09\n", ""));
  }

  @Test
  void a_revision_on_the_command_line_comes_before_the_name_and_may_be_a_file() throws Exception {
    String edited =
        file("edited.yaml", "name: edited\nsource: a question\nbased-on: in-place-v8\n");
    assertThat(conform("--revision", edited, file("in-place-a.jsonl", GOOD)))
        .isEqualTo(new Outcome(0, "in-place-a.jsonl: 2 operations, 2 agree, edited\n", ""));
  }

  @Test
  void a_revision_that_does_not_exist_is_bad_input() throws Exception {
    Outcome outcome = conform("--revision", "in-plaec-v8", file("in-place-a.jsonl", GOOD));
    assertThat(outcome.exitCode).isEqualTo(2);
    assertThat(outcome.out).isEmpty();
    assertThat(outcome.err.replaceAll("\\s+", " "))
        .startsWith("--revision: no revision \"in-plaec-v8\"")
        .contains("did you mean \"in-place-v8\"?");
  }

  @Test
  void the_name_of_a_trace_picks_the_revision() throws Exception {
    List<String> asked = new ArrayList<>();
    StringWriter err = new StringWriter();
    Main.run(
        new ConformCommand(
            (revision, types) -> {
              asked.add(revision.name());
              return FakeModel.first();
            }),
        new PrintWriter(new StringWriter()),
        new PrintWriter(err),
        file("in-place-random-7.jsonl", GOOD));
    assertThat(asked).containsExactly("in-place-v8");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void no_trace_at_all_is_bad_input() {
    Outcome outcome = conform();
    assertThat(outcome.exitCode).isEqualTo(2);
    assertThat(outcome.err).contains("TRACE").endsWith("see conform --help\n");
  }

  @Test
  void the_command_is_registered_and_has_help() {
    StringWriter out = new StringWriter();
    int exitCode =
        Main.run(new PrintWriter(out), new PrintWriter(new StringWriter()), "conform", "--help");
    assertThat(exitCode).isZero();
    assertThat(out.toString())
        .contains("Usage: faultline conform", "--ktap", "--revision", "TRACE");
  }
}
