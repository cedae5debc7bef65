package dev.faultline.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.scenario.yaml.Problems;
import dev.faultline.world.Schedule;
import dev.faultline.world.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A mode is a file: Arm CCA, which no line of the program knows. Zapping a private page destroys
 * it, the guest is not asked to accept, and a range of which some is private already must leave
 * that alone.
 */
class SeventhModeTest {

  private static final Path MODE =
      Path.of("src/test/resources/modes/arm-cca.yaml").toAbsolutePath();

  @TempDir private Path folder;

  private Run run(String story) throws IOException {
    Path file = folder.resolve("story.yaml");
    Files.writeString(file, "story: in a mode of the test\nmode: " + MODE + "\n" + story);
    Problems problems = new Problems();
    Optional<Scenario> scenario =
        ScenarioLoader.load(
            new Library.OfFiles(Path.of("")),
            file.toString(),
            ScenarioLoader.Overrides.NONE,
            problems);
    assertThat(problems.render()).isEmpty();
    Run run = Run.start(scenario.orElseThrow(), new Schedule.Fifo());
    for (Optional<Step> next = run.next(); next.isPresent(); next = run.next()) {
      run = run.take(next.get()).after();
    }
    return run;
  }

  @Test
  void a_guest_shares_a_page_and_takes_it_back_and_accepts_nothing() throws IOException {
    Run end =
        run(
            """
            revision: in-place-v8-opposite
            memory: {size: 64 KiB}
            parties:
              app: {kind: process}
            script:
              guest:
                - accept: 0x4000                 # there is nothing to do
                - store: {at: 0x4000, value: 42, expect: ok}
                - load: {at: 0x4000, expect: 42}
                - convert-to-shared: 0x4000
                  expect: ok
                - load: {at: 0x4000, expect: 0}  # destroyed by the zap
                - store: {at: 0x4000, value: 7, expect: ok}
                  name: filled
                - await: read
                - convert-to-private: 0x4000
                  name: taken-back
                  expect: ok
                - load: {at: 0x4000, expect: 0}
              vmm:
                - await: filled
                - load: {at: 0x4000, expect: 7}
                  name: read
              app:
                - await: taken-back
                - load: {at: 0x4000, expect: SIGBUS}
            expect:
              - finally: {0x4000: private}
            """);
    assertThat(end.failures()).isEmpty();
  }

  private static final String MIXED =
      """
      memory: {size: 64 KiB, shared: 0x5000}
      script:
        guest:
          - store: {at: 0x4000, value: 42, expect: ok}
          - convert-to-private: 0x4000..0x6000
            expect: ok
          - load: {at: 0x4000, expect: %s}
      expect:
        - finally: {0x4000..0x6000: private}
      """;

  @Test
  void a_mixed_range_leaves_alone_what_is_private_already() throws IOException {
    Run end = run("revision: in-place-v8-opposite\n" + MIXED.formatted("42"));
    assertThat(end.failures()).isEmpty();
    assertThat(end.everBroken()).isEmpty();
  }

  @Test
  void as_v8_was_posted_it_destroys_what_is_private_already() throws IOException {
    Run end = run("revision: in-place-v8\n" + MIXED.formatted("0"));
    assertThat(end.everBroken()).containsExactly("PrivatePageKeepsItsContent");
  }
}
