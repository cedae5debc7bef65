package dev.faultline.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.testing.FakeScenarios;
import dev.faultline.world.Schedule;
import dev.faultline.world.Step;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RunTest {

  private static Run toTheEnd(Run start, boolean print) {
    Run run = start;
    for (Optional<Step> next = run.next(); next.isPresent(); next = run.next()) {
      Run.Taken taken = run.take(next.get());
      if (print) {
        System.out.println(
            taken.entry().step()
                + " "
                + taken.entry().party()
                + " "
                + taken.entry().taken()
                + "\n     <- "
                + taken.entry().message()
                + "\n     ev "
                + taken.entry().events()
                + "\n     -> "
                + taken.entry().sends()
                + "\n     "
                + taken.entry().outcome()
                + taken.entry().properties());
      }
      run = taken.after();
    }
    return run;
  }

  @Test
  void a_blocked_conversion_is_retried_after_the_vmm_unmapped() {
    Run end = toTheEnd(Run.start(FakeScenarios.blockedByVfio(), new Schedule.Fifo()), true);
    assertThat(end.failures()).isEmpty();
  }

  @Test
  void the_same_story_ends_as_expected_under_every_seed() {
    for (long seed = 1; seed <= 300; seed++) {
      Run end =
          toTheEnd(Run.start(FakeScenarios.blockedByVfio(), new Schedule.Random(seed)), false);
      assertThat(end.failures()).as("seed %d", seed).isEmpty();
    }
  }
}
