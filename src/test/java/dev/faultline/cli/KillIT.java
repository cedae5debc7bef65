package dev.faultline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.testing.LongScenario;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The laboratory killed at any point loses nothing and does nothing twice: after {@code run
 * --resume} the journal is that of an uninterrupted run, byte by byte. Half of the kills are {@code
 * kill -9} when the file has reached some length, half a halt within the plugin after some byte of
 * some line.
 */
class KillIT {

  /** How many kills in all; the profile soak sets 1,000. */
  private static final int KILLS = Integer.getInteger("faultline.kills", 50);

  private static final long SEED = 20261124;

  @TempDir Path folder;

  private static Process start(Path in, Map<String, String> environment, List<String> arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of("target", "faultline").toAbsolutePath().toString());
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).directory(in.toFile());
    builder.environment().putAll(environment);
    builder.redirectErrorStream(true).redirectOutput(in.resolve("output.txt").toFile());
    return builder.start();
  }

  private static int run(Path in, Map<String, String> environment, String... arguments)
      throws Exception {
    Process process = start(in, environment, List.of(arguments));
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  private static String output(Path in) throws IOException {
    return Files.readString(in.resolve("output.txt"));
  }

  @Test
  void a_run_killed_by_signal_goes_on_and_ends_as_if_nothing_had_happened() throws Exception {
    String scenario = LongScenario.write(folder, 2000).toString();
    assertThat(run(folder, Map.of(), "run", scenario, "--journal", "whole", "--quiet"))
        .as(output(folder))
        .isZero();
    byte[] whole = Files.readAllBytes(folder.resolve("whole").resolve("journal.jsonl"));
    assertThat(new String(whole).lines().count()).isGreaterThan(20_000);

    Random random = new Random(SEED);
    int kills = 0;
    for (int round = 0; kills < KILLS / 2; round++) {
      String journal = "killed-" + round;
      Path file = folder.resolve(journal).resolve("journal.jsonl");
      long length = 0;
      boolean first = true;
      while (true) {
        // Five kills a round, each further on.
        length += 1 + random.nextLong(whole.length / 5);
        List<String> command =
            first
                ? List.of("run", scenario, "--journal", journal, "--quiet", "--sync", sync(random))
                : List.of("run", scenario, "--resume", journal, "--quiet", "--sync", sync(random));
        first = false;
        Process process = start(folder, Map.of(), command);
        boolean killed = killAt(process, file, length);
        if (!killed) {
          assertThat(process.exitValue()).as(output(folder)).isZero();
          break;
        }
        kills++;
      }
      assertThat(Files.readAllBytes(file)).as("round %d", round).isEqualTo(whole);
    }
  }

  private static String sync(Random random) {
    return List.of("each", "20ms", "never").get(random.nextInt(3));
  }

  /** Kills a process once a file is that long; false if it ends before. */
  private static boolean killAt(Process process, Path file, long length) throws Exception {
    while (process.isAlive()) {
      if (Files.exists(file) && Files.size(file) >= length) {
        process.destroyForcibly().waitFor();
        return true;
      }
      Thread.onSpinWait();
    }
    return false;
  }

  @Test
  void a_run_halted_within_a_write_goes_on_and_ends_as_if_nothing_had_happened() throws Exception {
    String scenario = "tdx/good-blocked-by-vfio-then-retried";
    assertThat(run(folder, Map.of(), "run", scenario, "--journal", "whole", "--quiet")).isZero();
    byte[] whole = Files.readAllBytes(folder.resolve("whole").resolve("journal.jsonl"));
    List<String> lines = new String(whole).lines().toList();

    Random random = new Random(SEED);
    for (int kill = 0; kill < KILLS - KILLS / 2; kill++) {
      // The first entry, step 0, is among them: nothing of it, a part of it, all but its line feed.
      int line = kill < 3 ? 1 : 1 + random.nextInt(lines.size());
      int length = lines.get(line - 1).getBytes().length;
      int after = kill == 0 ? 0 : kill == 1 ? length : random.nextInt(length + 2);
      String journal = "halted-" + kill;
      String halt = "-Dfaultline.journal.halt=" + line + ":" + after;
      assertThat(
              run(
                  folder,
                  Map.of("FAULTLINE_JAVA_OPTIONS", halt),
                  "run",
                  scenario,
                  "--journal",
                  journal,
                  "--quiet"))
          .isEqualTo(137);
      assertThat(run(folder, Map.of(), "run", scenario, "--resume", journal, "--quiet"))
          .as("%s: %s", halt, output(folder))
          .isZero();
      assertThat(Files.readAllBytes(folder.resolve(journal).resolve("journal.jsonl")))
          .as(halt)
          .isEqualTo(whole);
    }
  }

  @Test
  void a_disk_that_is_full_ends_the_world_and_nothing_is_written_after_it() throws Exception {
    String scenario = "tdx/good-blocked-by-vfio-then-retried";
    assertThat(run(folder, Map.of(), "run", scenario, "--journal", "whole", "--quiet")).isZero();
    byte[] whole = Files.readAllBytes(folder.resolve("whole").resolve("journal.jsonl"));
    String faultline = Path.of("target", "faultline").toAbsolutePath().toString();
    // A limit on the size of files stands in for a full disk: the write fails half way.
    Process process =
        new ProcessBuilder(
                "sh",
                "-c",
                "ulimit -f 40; exec " + faultline + " run " + scenario + " --journal full --quiet")
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("output.txt").toFile())
            .start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(3);
    assertThat(output(folder))
        .matches(
            "faultline: full/journal.jsonl:[0-9]+: EFBIG, file too large\n"
                + "go on with: faultline run --resume full/journal.jsonl\n");
    assertThat(run(folder, Map.of(), "run", "--resume", "full", "--quiet")).isZero();
    assertThat(output(folder)).contains("are torn").contains("; cut");
    assertThat(Files.readAllBytes(folder.resolve("full").resolve("journal.jsonl")))
        .isEqualTo(whole);
  }

  @Test
  void a_sync_that_fails_ends_the_world_and_the_run_goes_on_from_what_is_there() throws Exception {
    String scenario = "tdx/good-blocked-by-vfio-then-retried";
    assertThat(run(folder, Map.of(), "run", scenario, "--journal", "whole", "--quiet")).isZero();
    byte[] whole = Files.readAllBytes(folder.resolve("whole").resolve("journal.jsonl"));
    for (int sync : List.of(1, 40)) {
      String journal = "failed-" + sync;
      Map<String, String> broken =
          Map.of("FAULTLINE_JAVA_OPTIONS", "-Dfaultline.journal.fail-sync=" + sync);
      assertThat(
              run(
                  folder,
                  broken,
                  "run",
                  scenario,
                  "--journal",
                  journal,
                  "--quiet",
                  "--sync",
                  "each"))
          .isEqualTo(3);
      assertThat(output(folder))
          .matches(
              "faultline: failed-[0-9]+/journal.jsonl:[0-9]+: sync: EIO, input/output error\n"
                  + "go on with: faultline run --resume failed-[0-9]+/journal.jsonl\n");
      assertThat(run(folder, Map.of(), "run", "--resume", journal, "--quiet"))
          .as(output(folder))
          .isZero();
      assertThat(Files.readAllBytes(folder.resolve(journal).resolve("journal.jsonl")))
          .isEqualTo(whole);
    }
  }
}
