package dev.faultline.world;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.scenario.Run;
import dev.faultline.scenario.Scenario;
import dev.faultline.testing.Stories;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a process leaves behind that is killed in the middle of something. */
class DyingProcessTest {

  private static final int SEEDS = 30;

  @TempDir Path folder;

  @Test
  void a_fault_under_way_maps_nothing_into_an_address_space_that_is_gone() {
    Scenario scenario =
        new Stories(folder)
            .scenario(
                """
                story: A process is killed while it faults; then its page is converted.
                mode: tdx
                revision: rfc-2024-09
                memory: {size: 4 KiB, shared: 0..4 KiB}
                parties: {app: {kind: process}}
                script:
                  app:
                    - load: {at: 0, expect: {one of: [0, died]}}
                  vmm:
                    - kill: app
                """);
    for (int seed = 0; seed < SEEDS; seed++) {
      Run run = Stories.run(scenario, new Schedule.Random(seed));
      assertThat(run.failures()).as("seed " + seed).isEmpty();
      assertThat(run.world().gmem().mappers()).as("seed " + seed).isEmpty();
    }
  }

  @Test
  void a_device_whose_vmm_dies_is_answered() {
    Scenario scenario =
        new Stories(folder)
            .scenario(
                """
                story: A VMM is killed while it maps pages for a device, and before.
                mode: tdx
                memory: {size: 4 KiB, shared: 0..4 KiB}
                parties: {nic: {kind: vfio}, app: {kind: process}}
                script:
                  nic:
                    - dma-map: 0..4 KiB
                      expect: {one of: [ok, died]}
                    - dma-unmap: 0..4 KiB
                      expect: {one of: [ok, died]}
                  app:
                    - kill: vmm
                """);
    for (int seed = 0; seed < SEEDS; seed++) {
      Run run = Stories.run(scenario, new Schedule.Random(seed));
      assertThat(run.failures()).as("seed " + seed).isEmpty();
      assertThat(run.world().gmem().mappers()).as("seed " + seed).isEmpty();
    }
  }
}
