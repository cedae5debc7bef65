package dev.faultline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's commands print what the README says. */
class ReadmeIT {

  @TempDir Path folder;

  /** A command of a console block, and what follows it. */
  private record Example(String command, String output) {}

  private static List<Example> examples(String readme) {
    List<Example> examples = new ArrayList<>();
    for (String block : readme.split("```console\n", -1)) {
      int end = block.indexOf("\n```");
      if (block.startsWith("$ ") && end > 0) {
        for (String example : block.substring(2, end).split("\n\\$ ", -1)) {
          int line = example.indexOf('\n');
          examples.add(new Example(example.substring(0, line), example.substring(line + 1)));
        }
      }
    }
    return examples;
  }

  /** Times differ from run to run, and nothing else. */
  private static String timeless(String text) {
    return text.replaceAll("(?m)\\d+\\.\\d\\d s$", "0.00 s").stripTrailing();
  }

  private String run(String command) throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(List.of(command.split(" ")));
    words.set(0, Path.of("target", "faultline").toAbsolutePath().toString());
    Path output = folder.resolve("output.txt");
    Process process =
        new ProcessBuilder(words)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return Files.readString(output);
  }

  @Test
  void every_console_block_prints_what_stands_below_its_command() throws Exception {
    String scenario =
        Files.readString(
            Path.of("conf", "scenario", "tdx", "good-blocked-by-vfio-then-retried.yaml"));
    Files.writeString(
        folder.resolve("vfio.yaml"),
        scenario
            .replace("- dma-map:", "- dma-mpa:")
            .replace("2 MiB..3 MiB\n      name", "2 MiB..3\n      name")
            .replace("errno: EAGAIN", "errno: EBUSY"));
    List<Example> examples = examples(Files.readString(Path.of("README.md")));
    assertThat(examples).hasSizeGreaterThanOrEqualTo(4);
    for (Example example : examples) {
      assertThat(timeless(run(example.command())))
          .as("faultline in the README: %s", example.command())
          .isEqualTo(timeless(example.output()));
    }
  }

  @Test
  void the_scenario_of_the_readme_is_the_shipped_one() throws Exception {
    String readme = Files.readString(Path.of("README.md"));
    String scenario =
        Files.readString(
            Path.of("conf", "scenario", "tdx", "good-blocked-by-vfio-then-retried.yaml"));
    assertThat(readme).contains(scenario.stripTrailing());
  }

  @Test
  void the_test_command_of_the_readme_is_all_that_ci_calls() throws Exception {
    assertThat(Files.readString(Path.of("README.md"))).contains("\nmvn -B verify\n");
    assertThat(Files.readString(Path.of(".ci", "run"))).endsWith("\nmvn -B verify\n");
  }
}
