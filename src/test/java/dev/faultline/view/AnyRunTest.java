package dev.faultline.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.journal.JournalEntry.StepTaken;
import dev.faultline.journal.RecordedRun;
import dev.faultline.protocol.gmem.Folio;
import dev.faultline.protocol.memory.IndexRange;
import dev.faultline.protocol.memory.Run;
import dev.faultline.scenario.Scenario;
import dev.faultline.scenario.ScenarioLoader;
import dev.faultline.testing.RandomStories;
import dev.faultline.testing.Stories;
import dev.faultline.world.Schedule;
import dev.faultline.world.World;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Random scripts under random schedules, cut anywhere: what is printed can always be mailed. */
class AnyRunTest {

  private static final int PAGES = RandomStories.PAGES;

  /** More than any of the runs takes. */
  private static final int STEPS = 1_500;

  private static final List<String> REVISIONS =
      List.of("in-place-v8", "rfc-2024-09", "rfc-2024-09-without-lock", "thread-notify");

  @TempDir Path folder;

  private Stories stories;

  @BeforeEach
  void begin() {
    stories = new Stories(folder);
  }

  private Scenario scenario(Random random) {
    String revision = REVISIONS.get(random.nextInt(REVISIONS.size()));
    return stories.scenario(RandomStories.story(random, revision));
  }

  private static void assertCanBeMailed(String text, long seed) {
    assertThat(text.lines())
        .as("seed %d", seed)
        .allSatisfy(line -> assertThat(line).matches("[\\x20-\\x7e]{0,72}").doesNotEndWith(" "));
  }

  @Test
  void every_prefix_of_a_journal_is_shown_and_explained_in_72_columns() {
    for (long seed = 0; seed < 40; seed++) {
      Random random = new Random(seed);
      Scenario scenario = scenario(random);
      RecordedRun whole = Recordings.of(scenario, new Schedule.Random(seed), STEPS);
      assertThat(whole.end()).as("seed %d ends", seed).isPresent();
      int cuts = whole.steps().size();
      for (int cut = 0; cut <= cuts; cut += 1 + random.nextInt(1 + cuts / 4)) {
        RecordedRun run = Recordings.cut(whole, cut);
        long page = random.nextInt(PAGES);
        IndexRange only = new IndexRange(page, page + 1);
        assertCanBeMailed(Ladder.draw(scenario, run, Optional.empty()), seed);
        assertCanBeMailed(Ladder.draw(scenario, run, Optional.of(only)), seed);
        assertCanBeMailed(Why.explain(scenario, run, page), seed);
      }
      assertCanBeMailed(Ladder.draw(scenario, whole, Optional.empty()), seed);
    }
  }

  @Test
  void a_short_journal_is_shown_at_every_single_step() {
    Scenario scenario =
        Stories.load("tdx/good-blocked-by-vfio-then-retried", ScenarioLoader.Overrides.NONE);
    RecordedRun whole = Recordings.of(scenario);
    for (int cut = 0; cut <= whole.steps().size(); cut++) {
      RecordedRun run = Recordings.cut(whole, cut);
      assertCanBeMailed(Ladder.draw(scenario, run, Optional.empty()), cut);
      assertCanBeMailed(Why.explain(scenario, run, 512), cut);
    }
  }

  /** Pins are told from events; the count on the folio is what the kernel itself knows of them. */
  @Test
  void as_many_pins_are_known_by_name_as_the_folio_counts() {
    int pinned = 0;
    for (long seed = 0; seed < 160; seed++) {
      Scenario scenario = scenario(new Random(seed));
      RecordedRun run = Recordings.of(scenario, new Schedule.Random(seed), STEPS);
      assertThat(run.end()).as("seed %d ends", seed).isPresent();
      Pins pins = new Pins(World.start(scenario.setup()));
      List<String> wrong = new ArrayList<>();
      int[] seen = {0};
      Walk.over(
          scenario,
          run.steps(),
          (before, entry, after) -> {
            pins.visit(before, entry);
            for (Run<IndexRange, Folio> folios : after.gmem().folios(new IndexRange(0, PAGES))) {
              for (long page = folios.range().start(); page < folios.range().end(); page++) {
                int known = pins.on(after, new IndexRange(page, page + 1)).size();
                seen[0] += known;
                if (known != folios.value().pins()) {
                  wrong.add(difference(entry, page, folios.value(), known));
                }
              }
            }
          });
      pinned += seen[0];
      assertThat(wrong).as("seed %d", seed).isEmpty();
    }
    assertThat(pinned).isGreaterThan(2_000);
  }

  private static String difference(StepTaken entry, long page, Folio folio, int known) {
    return "step " + entry.step() + ", page " + page + ": " + folio.pins() + ", not " + known;
  }
}
