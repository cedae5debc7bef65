package dev.faultline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

final class MainTest {

  private record Answer(int exitCode, String out, String err) {}

  private static Answer run(Object root, String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exitCode = Main.run(root, new PrintWriter(out), new PrintWriter(err), arguments);
    return new Answer(exitCode, out.toString(), err.toString());
  }

  @Test
  void version_names_what_a_report_of_a_bug_needs() {
    Answer answer = run(new Faultline(), "--version");

    assertThat(answer.exitCode).isZero();
    assertThat(answer.out).matches("faultline \\d\\S* \\(Akka \\d\\S*\\)\nJava \\S+, .+\n");
    assertThat(answer.err).isEmpty();
  }

  @Test
  void help_lists_the_exit_codes() {
    Answer answer = run(new Faultline(), "--help");

    assertThat(answer.exitCode).isZero();
    assertThat(answer.out)
        .startsWith("Usage: faultline")
        .contains(
            "  0     as expected\n",
            "  4     a journal is decided otherwise now (replay, run --resume)\n");
  }

  @Test
  void no_command_is_bad_input() {
    assertThat(run(new Faultline()))
        .isEqualTo(new Answer(2, "", "faultline: no command given; see faultline --help\n"));
  }

  @Test
  void an_unknown_option_is_one_line_with_the_nearest_word() {
    assertThat(run(new Faultline(), "--versoin"))
        .isEqualTo(
            new Answer(
                2,
                "",
                "faultline: unknown option \"--versoin\"; did you mean \"--version\"?"
                    + " See faultline --help\n"));
  }

  @Test
  void an_unknown_command_is_one_line_with_the_nearest_word() {
    assertThat(run(new FakeRoot(), "yeld"))
        .isEqualTo(
            new Answer(
                2,
                "",
                "fake: unknown command \"yeld\"; did you mean \"yield\"? See fake --help\n"));
  }

  @Test
  void a_mistake_in_a_command_names_the_command() {
    assertThat(run(new FakeRoot(), "yield", "x"))
        .isEqualTo(
            new Answer(
                2,
                "",
                "fake yield: invalid value for positional parameter at index 0 (NUMBER):"
                    + " 'x' is not an int; see fake yield --help\n"));
    assertThat(run(new FakeRoot(), "yield", "1", "2"))
        .isEqualTo(
            new Answer(2, "", "fake yield: unexpected argument \"2\"; see fake yield --help\n"));
  }

  @Test
  void the_number_that_a_command_returns_is_the_exit_code() {
    assertThat(run(new FakeRoot(), "yield", "4")).isEqualTo(new Answer(4, "", ""));
  }

  @Test
  void a_bug_is_reported_with_its_trace() {
    for (Throwable bug : new Throwable[] {new IllegalStateException("boo"), new Error("boo")}) {
      Answer answer = run(new FakeRoot(bug), "fail");

      assertThat(answer.exitCode).isEqualTo(3);
      assertThat(answer.err)
          .startsWith("faultline: internal error: " + bug + "\n")
          .contains("\tat dev.faultline.cli.MainTest");
    }
  }

  @Test
  void a_failed_write_is_one_line() {
    assertThat(run(new FakeRoot(new IOException("No space left on device")), "fail"))
        .isEqualTo(new Answer(3, "", "faultline: No space left on device\n"));
    assertThat(run(new FakeRoot(new UncheckedIOException(new NoSuchFileException("/x"))), "fail"))
        .isEqualTo(new Answer(3, "", "faultline: /x: NoSuchFileException\n"));
  }

  /** A root with a command that returns a number and one that throws. */
  @Command(name = "fake")
  private static final class FakeRoot {

    private final Throwable thrown;

    FakeRoot() {
      this(new AssertionError("not to be thrown"));
    }

    FakeRoot(Throwable thrown) {
      this.thrown = thrown;
    }

    @Command(name = "yield")
    int number(@Parameters(paramLabel = "NUMBER") int number) {
      return number;
    }

    @Command(name = "fail")
    int fail() throws Throwable {
      throw thrown;
    }
  }
}
