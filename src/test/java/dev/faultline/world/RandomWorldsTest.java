package dev.faultline.world;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.journal.EntryJson;
import dev.faultline.protocol.Outcome;
import dev.faultline.protocol.memory.Errno;
import dev.faultline.scenario.Run;
import dev.faultline.scenario.Scenario;
import dev.faultline.testing.RandomStories;
import dev.faultline.testing.Stories;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random scripts under random schedules: nothing throws, every run ends, and a design breaks only
 * what it says.
 */
class RandomWorldsTest {

  /** The longest run that ends takes fewer. */
  private static final int STEPS = 3_000;

  @TempDir Path folder;

  private Stories stories;

  @BeforeEach
  void begin() {
    stories = new Stories(folder);
  }

  @Test
  void nothing_throws_and_a_design_breaks_only_what_it_says() throws Exception {
    TreeSet<String> refused = new TreeSet<>();
    for (long seed = 0; seed < 800; seed++) {
      Random random = new Random(seed);
      String revision =
          List.of("in-place-v8", "rfc-2024-09", "rfc-2024-09-folio-lock", "thread-notify")
              .get((int) (seed % 4));
      String text = RandomStories.story(random, revision);
      if (seed % 5 == 0) {
        text = text.replaceFirst("open: .*", "open: [process-dies, vmm-dies]");
      }
      Scenario scenario = stories.scenario(text);
      Run run = Run.start(scenario, new Schedule.Random(seed));
      int steps = 0;
      for (Optional<Step> next = run.next();
          next.isPresent() && steps < STEPS;
          next = run.next(), steps++) {
        Run.Taken taken;
        try {
          taken = run.take(next.get());
        } catch (RuntimeException failure) {
          throw new AssertionError(
              "seed " + seed + ", step " + steps + " " + next + "\n" + text, failure);
        }
        if (seed % 50 == 0) {
          String json = EntryJson.write(taken.entry());
          assertThat(EntryJson.read(json)).isEqualTo(taken.entry());
        }
        if (taken.entry().outcome() instanceof Outcome.Refused(Errno errno, String _)) {
          refused.add(errno.name());
        }
        run = taken.after();
      }
      assertThat(run.next()).as("seed %d ends\n%s", seed, text).isEmpty();
      TreeSet<String> broken = new TreeSet<>(run.everBroken());
      broken.removeAll(scenario.setup().revision().breaks());
      assertThat(broken).as("seed %d, %s\n%s", seed, revision, text).isEmpty();
    }
    assertThat(refused).contains("EAGAIN", "EEXIST", "EFAULT", "EINVAL", "ENOMEM");
  }
}
