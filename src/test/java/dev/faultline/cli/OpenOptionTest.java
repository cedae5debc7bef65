package dev.faultline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.journal.RecordedRun;
import dev.faultline.journal.Source;
import dev.faultline.protocol.Chance;
import dev.faultline.scenario.Scenario;
import dev.faultline.scenario.ScenarioLoader.Overrides;
import dev.faultline.testing.Stories;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands that leave more open than the scenario does. */
class OpenOptionTest {

  private static final String SCENARIO = "known-bugs/good-short-of-memory";
  private static final List<Chance> DEATHS = List.of(Chance.PROCESS_DIES, Chance.VMM_DIES);

  @TempDir Path folder;

  private record Outcome(int exitCode, String out, String err) {}

  /** The JVM does not wait for what a search would say. */
  @AfterAll
  static void end() {
    Interrupts.told();
  }

  private static Outcome run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exitCode = Main.run(new PrintWriter(out), new PrintWriter(err), arguments);
    return new Outcome(exitCode, out.toString(), err.toString());
  }

  @Test
  void a_word_that_is_none_is_told_with_the_one_that_was_meant() {
    String text =
        "--open proces-dies: unknown chance \"proces-dies\"; did you mean \"process-dies\"?\n";
    assertThat(run("explore", SCENARIO, "--open", "vmm-dies,proces-dies"))
        .isEqualTo(new Outcome(2, "", text));
    assertThat(run("run", SCENARIO, "--open", "proces-dies").err).isEqualTo(text);
    assertThat(run("guards", "in-place-v8", SCENARIO, "--open", "proces-dies").err).isEqualTo(text);
    assertThat(run("explore", SCENARIO, "--open", "rain").err)
        .isEqualTo(
            "--open rain: unknown chance \"rain\"; one of: allocation-fails, anchor-busy,"
                + " signal-pending, process-dies, vmm-dies\n");
  }

  @Test
  void help_names_every_chance() {
    for (String command : List.of("explore", "run", "guards")) {
      String help = run(command, "--help").out.replaceAll("\\s+", " ");
      assertThat(help)
          .contains(
              "may happen too: allocation-fails, anchor-busy, signal-pending, process-dies,"
                  + " vmm-dies");
    }
  }

  @Test
  void a_search_says_what_was_open() {
    Outcome closed = run("explore", "sw-protected/good-gup-fast-meets-conversion");
    assertThat(closed.out).doesNotContain("open:");
    Outcome open = run("explore", SCENARIO, "--open", "vmm-dies");
    assertThat(open.exitCode).isZero();
    assertThat(open.out).contains("holds: ", "\n  open: allocation-fails, vmm-dies\n");
    assertThat(run("explore", SCENARIO, "--open", "vmm-dies", "--json").out)
        .contains("\"open\":[\"allocation-fails\",\"vmm-dies\"]");
    assertThat(
            run(
                    "explore",
                    SCENARIO,
                    "--open",
                    "vmm-dies",
                    "--strategy",
                    "random",
                    "--walks",
                    "9",
                    "--json")
                .out)
        .contains("\"open\":[\"allocation-fails\",\"vmm-dies\"]");
  }

  @Test
  void a_run_brings_along_what_was_open_and_replays() throws Exception {
    String journal = folder.resolve("dies").toString();
    Outcome outcome =
        run("run", SCENARIO, "--open", "vmm-dies", "--schedule", "random", "--journal", journal);
    assertThat(outcome.err).isEmpty();
    assertThat(run("replay", journal).exitCode).isZero();
    Source source =
        RecordedRun.read(Path.of(journal)).started().sources().stream()
            .filter(each -> each.kind() == Source.Kind.SCENARIO)
            .findFirst()
            .orElseThrow();
    assertThat(source.text()).contains("\nopen: [allocation-fails, vmm-dies]");
  }

  @Test
  void the_file_is_taken_as_if_it_said_so_and_no_line_moves() {
    Stories stories = new Stories(folder);
    String plain =
        "story: A load.   # a comment\nmode: tdx\nmemory: {size: 4 KiB}\n"
            + "parties: {app: {kind: process}}\nscript:\n  app:\n    - load: 0\n";
    assertText(stories.file("plain.yaml", plain), plain + "\nopen: [process-dies, vmm-dies]\n");
    String some = plain.replace("script:", "open: [vmm-dies]   # once\nscript:");
    assertText(
        stories.file("some.yaml", some), some.replace("[vmm-dies]", "[vmm-dies, process-dies]"));
    String all = plain.replace("script:", "open:\n  - vmm-dies\n  - process-dies\nscript:");
    assertText(stories.file("all.yaml", all), all);
    Scenario flow =
        Stories.load(
            stories.file(
                "flow.yaml",
                "{story: A load., mode: tdx, memory: {size: 4 KiB}, parties: {app: {kind:"
                    + " process}}, script: {app: [{load: 0}]}}"),
            Overrides.NONE.opened(DEATHS));
    assertThat(flow.setup().open()).isEqualTo(DEATHS);
  }

  private static void assertText(String file, String text) {
    Scenario scenario = Stories.load(file, Overrides.NONE.opened(DEATHS));
    assertThat(scenario.setup().open()).containsExactlyInAnyOrderElementsOf(DEATHS);
    assertThat(scenario.sources().getFirst().text()).isEqualTo(text);
  }
}
