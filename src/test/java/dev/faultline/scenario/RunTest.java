package dev.faultline.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.testing.FakeScenarios;
import dev.faultline.world.Schedule;
import dev.faultline.world.Step;
import java.util.Optional;
import org.junit.jupiter.api.Test;

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
}
