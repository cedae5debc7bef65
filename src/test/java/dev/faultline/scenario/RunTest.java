package dev.faultline.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.testing.FakeScenarios;
import dev.faultline.testing.Stories;
import dev.faultline.world.Schedule;
import dev.faultline.world.Step;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunTest {

  private static Run toTheEnd(Run start) {
    Run run = start;
    for (Optional<Step> next = run.next(); next.isPresent(); next = run.next()) {
      run = run.take(next.get()).after();
    }
    return run;
  }

  @Test
  void a_blocked_conversion_is_retried_after_the_vmm_unmapped() {
    Run end = toTheEnd(Run.start(FakeScenarios.blockedByVfio(), new Schedule.Fifo()));
    assertThat(end.failures()).isEmpty();
  }

  @Test
  void the_same_story_ends_as_expected_under_every_seed() {
    for (long seed = 1; seed <= 300; seed++) {
      Run end = toTheEnd(Run.start(FakeScenarios.blockedByVfio(), new Schedule.Random(seed)));
      assertThat(end.failures()).as("seed %d", seed).isEmpty();
    }
  }

  private static final String TAKEN_BACK =
      """
      story: A guest takes back what a device has mapped.
      mode: tdx
      memory: {size: 16 MiB, shared: 2 MiB..4 MiB}
      parties:
        nic: {kind: vfio}
      script:
        nic:
          - dma-map: 2 MiB..4 MiB
        guest:
          - await: nic
          - convert-to-private: 2 MiB..3 MiB
      expect:
        - refused: %s
      """;

  @Test
  void a_refusal_that_did_not_come_is_told_with_those_that_did(@TempDir Path folder) {
    Scenario scenario =
        new Stories(folder).scenario(TAKEN_BACK.formatted("{by: gmem, errno: EINVAL}"));
    assertThat(Stories.run(scenario, new Schedule.Fifo()).failures())
        .singleElement()
        .asString()
        .matches(
            "story.yaml:13: no step was refused as expected;"
                + " refused: gmem EAGAIN at page 512 \\(step [0-9]+\\)");
    Scenario elsewhere =
        new Stories(folder).scenario(TAKEN_BACK.formatted("{by: gmem, errno: EAGAIN, at: 3 MiB}"));
    assertThat(Stories.run(elsewhere, new Schedule.Fifo()).failures())
        .singleElement()
        .asString()
        .contains("; refused: gmem EAGAIN at page 512 (step ");
  }

  @Test
  void a_refusal_that_did_not_come_is_told_where_none_came(@TempDir Path folder) {
    Scenario scenario =
        new Stories(folder)
            .scenario(
                """
                story: A guest takes back what nobody has.
                mode: tdx
                memory: {size: 16 MiB, shared: 2 MiB..4 MiB}
                script:
                  guest:
                    - convert-to-private: 2 MiB..3 MiB
                expect:
                  - refused: {by: gmem, errno: EAGAIN}
                """);
    assertThat(Stories.run(scenario, new Schedule.Fifo()).failures())
        .containsExactly("story.yaml:8: no step was refused as expected; none was refused");
  }

  @Test
  void the_vmm_of_a_vm_without_private_memory_takes_all_of_it_for_shared(@TempDir Path folder) {
    Scenario scenario =
        new Stories(folder)
            .scenario(
                """
                story: An ordinary VM.
                mode: default
                revision: in-place-v8
                memory: {size: 16 pages}
                script:
                  vmm:
                    - set-private: 3 pages
                      expect: EINVAL
                """);
    assertThat(Stories.run(scenario, new Schedule.Fifo()).failures()).isEmpty();
  }
}
