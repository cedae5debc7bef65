package dev.faultline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A search that is stopped on the command line goes on with the same command. */
class ExploreCheckpointTest {

  private static final String SCENARIO = "sw-protected/good-punch-meets-load-and-conversion";

  @TempDir Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  /** The JVM does not wait for what a search would say. */
  @AfterAll
  static void end() {
    Interrupts.told();
  }

  private int run(String... arguments) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    return Main.run(new PrintWriter(out), new PrintWriter(err), arguments);
  }

  /** The verdict without the time that it took. */
  private String verdict() {
    return out.toString().lines().findFirst().orElseThrow().replaceFirst(", [0-9.,]+ m?s$", "");
  }

  private String file() {
    return folder.resolve("search").toString();
  }

  @Test
  void a_search_goes_on_with_a_wider_bound() {
    assertThat(run("explore", SCENARIO)).isZero();
    String whole = verdict();
    assertThat(run("explore", SCENARIO, "--checkpoint", file(), "--depth", "9")).isEqualTo(1);
    assertThat(verdict()).startsWith("bounded:");
    assertThat(err.toString())
        .contains("the search goes on from its checkpoint with the same command");
    assertThat(folder.resolve("search")).exists();
    assertThat(run("explore", SCENARIO, "--checkpoint", file(), "--time", "0s")).isEqualTo(1);
    assertThat(run("explore", SCENARIO, "--checkpoint", file())).isZero();
    assertThat(verdict()).isEqualTo(whole);
  }

  @Test
  void a_checkpoint_of_another_search_is_bad_input() throws Exception {
    assertThat(run("explore", SCENARIO, "--checkpoint", file(), "--depth", "9")).isEqualTo(1);
    assertThat(run("explore", SCENARIO, "--outcomes", "--checkpoint", file())).isEqualTo(2);
    assertThat(err.toString())
        .startsWith(
            file()
                + " is a checkpoint of another search: faultline explore "
                + SCENARIO
                + "; name");
    assertThat(run("explore", SCENARIO, "--reduce", "none", "--checkpoint", file())).isEqualTo(2);
    assertThat(err.toString()).contains("before its files or options changed");
    assertThat(run("explore", SCENARIO, "--revision", "rfc-2024-09", "--checkpoint", file()))
        .isEqualTo(2);
    assertThat(err.toString()).contains("before its files or options changed");
    assertThat(run("explore", SCENARIO, "--open", "process-dies", "--checkpoint", file()))
        .isEqualTo(2);
    assertThat(err.toString()).contains("is a checkpoint of another search");
    Files.writeString(folder.resolve("search"), "something else that someone keeps here\n");
    assertThat(run("explore", SCENARIO, "--checkpoint", file())).isEqualTo(2);
    assertThat(err.toString()).isEqualTo(file() + " is no checkpoint; name another file\n");
    assertThat(folder.resolve("search")).hasContent("something else that someone keeps here\n");
  }
}
