package dev.faultline.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.journal.Source;
import dev.faultline.scenario.yaml.Problem;
import dev.faultline.scenario.yaml.Problems;
import dev.faultline.world.Schedule;
import dev.faultline.world.Step;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each value and each key of shipped files, spoiled in each way that a hand may spoil it: what is
 * wrong is told in the file where it is, and what is still right can be run to its end.
 */
class MutatedFilesTest {

  private static final String STORY =
      """
      story: a design with a mistake in it
      mode: tdx
      revision: in-place-v8
      vmm: reference
      guest: linux-tdx
      memory: {size: 16 MiB, shared: 2 MiB..4 MiB}
      parties:
        nic: {kind: vfio}
        app: {kind: process}
      script:
        nic:
          - dma-map: 2 MiB..4 MiB
        guest:
          - await: nic
          - convert-to-private: 2 MiB..3 MiB
            name: take-back
          - accept: 2 MiB..3 MiB
          - store: {at: 2 MiB, value: 42}
        app:
          - await: take-back
          - load: 2 MiB
      """;

  /** No shipped story takes a tenth of it; a world that takes more goes round in a circle. */
  private static final int MANY_STEPS = 3_000;

  private static final long A_SECOND = 1_000_000_000;

  @TempDir Path folder;

  private int refused;
  private int ran;

  @Test
  void scenarios() throws Exception {
    spoil(Source.Kind.SCENARIO, "tdx/good-blocked-by-vfio-then-retried");
    assertThat(refused).isGreaterThan(500);
    assertThat(ran).isGreaterThan(10);
  }

  @Test
  void revisions() throws Exception {
    spoil(Source.Kind.REVISION, "thread-notify");
    spoil(Source.Kind.REVISION, "rfc-2024-09-without-lock");
    assertThat(refused).isGreaterThan(1_000);
    assertThat(ran).isGreaterThan(20);
  }

  @Test
  void modes() throws Exception {
    spoil(Source.Kind.MODE, "tdx");
    assertThat(refused).isGreaterThan(200);
    assertThat(ran).isGreaterThan(10);
  }

  @Test
  void vmms() throws Exception {
    spoil(Source.Kind.VMM, "reference");
    assertThat(refused).isGreaterThan(200);
    assertThat(ran).isGreaterThan(10);
  }

  @Test
  void guests() throws Exception {
    spoil(Source.Kind.GUEST, "linux-tdx");
    assertThat(refused).isGreaterThan(40);
    assertThat(ran).isGreaterThan(10);
  }

  private void spoil(Source.Kind kind, String name) throws Exception {
    Path good = Path.of("conf", Library.place(kind), name + ".yaml");
    Path bad = folder.resolve("bad.yaml");
    Path story = folder.resolve("story.yaml");
    Path scenario = kind == Source.Kind.SCENARIO ? bad : story;
    String key = Library.place(kind);
    Files.writeString(story, STORY.replaceFirst(key + ": [a-z0-9-]+", key + ": " + bad));
    for (Mutations.Mutated mutated : Mutations.of(Files.readString(good))) {
      Files.writeString(bad, mutated.text());
      try {
        check(scenario, bad);
      } catch (AssertionError | RuntimeException failure) {
        throw new AssertionError(name + ", " + mutated.what(), failure);
      }
    }
  }

  private void check(Path scenario, Path bad) {
    Problems problems = new Problems();
    long start = System.nanoTime();
    Optional<Scenario> loaded =
        ScenarioLoader.load(
            new Library.OfFiles(Path.of("")),
            scenario.toString(),
            ScenarioLoader.Overrides.NONE,
            problems);
    assertThat(System.nanoTime() - start).isLessThan(A_SECOND);
    assertThat(loaded.isPresent()).isEqualTo(problems.isEmpty());
    for (Problem problem : problems.sorted()) {
      assertThat(problem.at().file()).as("%s", problem).isEqualTo(bad.toString());
      assertThat(problem.at().line()).as("%s", problem).isPositive();
      assertThat(problem.text()).hasSizeBetween(10, 1_000).doesNotContain("\n", "Exception");
    }
    refused += loaded.isPresent() ? 0 : 1;
    if (loaded.isPresent()) {
      ran++;
      assertThat(runsToItsEnd(loaded.get())).isTrue();
    }
  }

  private static boolean runsToItsEnd(Scenario scenario) {
    Run run = Run.start(scenario, new Schedule.Fifo());
    for (int steps = 0; steps < MANY_STEPS; steps++) {
      Optional<Step> next = run.next();
      if (next.isEmpty()) {
        return true;
      }
      run = run.take(next.get()).after();
    }
    return false;
  }
}
