package dev.faultline.explore.world;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.explore.Bounds;
import dev.faultline.explore.Explorer;
import dev.faultline.explore.Reductions;
import dev.faultline.explore.Report;
import dev.faultline.explore.Verdict;
import dev.faultline.journal.Source;
import dev.faultline.property.Properties;
import dev.faultline.scenario.Library;
import dev.faultline.scenario.Scenario;
import dev.faultline.scenario.ScenarioLoader;
import dev.faultline.testing.FakeScenarios;
import dev.faultline.testing.NaiveExplorer;
import dev.faultline.testing.NaiveSearch;
import dev.faultline.testing.NaiveSearch.Found;
import dev.faultline.testing.Stories;
import dev.faultline.world.World;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Worlds are searched as they are stepped: no world more, none less, and the same is found.
 *
 * <p>{@code mvn -q -B test -Dtest=WorldsTest -Dfaultline.record=true} counts them anew; the
 * difference is then reviewed, and the commit says why.
 */
class WorldsTest {

  private static final Path COUNTS = Path.of("src/test/resources/worlds/counts.txt");

  /** A scenario with more worlds than these is not small. */
  private static final int SMALL = 10_000;

  private static final String HEAD =
      """
      # Worlds of the shipped scenarios, and what a search with all properties finds in them.
      # scenario: worlds | states transitions levels ends verdict
      """;

  /** Stops a search that is not small. */
  private static final class Limit implements Explorer.Watcher {
    private long states;

    @Override
    public void at(Explorer.Progress progress) {
      states = progress.states();
    }

    @Override
    public boolean stops() {
      return states > SMALL;
    }
  }

  private static Report explore(WorldModel model) {
    return new Explorer(model, List.of(), Set.of(), Optional.empty())
        .explore(1, Reductions.NONE, Bounds.NONE, new Limit());
  }

  @Test
  void a_shipped_scenario_has_so_many_worlds() throws IOException {
    List<String> lines = new ArrayList<>();
    for (String name : new Library.OfFiles(Path.of("")).names(Source.Kind.SCENARIO)) {
      Scenario scenario = Stories.load(name, ScenarioLoader.Overrides.NONE);
      World start = World.start(scenario.setup());
      // A world that is stepped remembers refusals that nobody waits for; so does a named one.
      Report plain = explore(new WorldModel(start, List.of(), true));
      lines.add(
          plain.verdict() instanceof Verdict.Bounded
              ? name + ": more than " + SMALL
              : name + ": " + plain.states() + " | " + agreed(scenario, plain));
    }
    String counted = HEAD + String.join("\n", lines) + "\n";
    if (Boolean.getBoolean("faultline.record")) {
      Files.writeString(COUNTS, counted);
    }
    assertThat(counted).isEqualTo(Files.readString(COUNTS));
  }

  /** What the engine and both naive searches agree on. */
  private static String agreed(Scenario scenario, Report plain) {
    assertThat(NaiveExplorer.explore(scenario).states())
        .as(scenario.name())
        .isEqualTo((int) plain.states());
    WorldModel model = new WorldModel(World.start(scenario.setup()), scenario.properties(), false);
    Report report = explore(model);
    if (report.verdict() instanceof Verdict.Never) {
      // The naive search knows no loops.
      return "%d never".formatted(report.states());
    }
    Found naive = NaiveSearch.search(model);
    assertAgrees(report, naive);
    return "%d %d %d %d %s"
        .formatted(
            naive.states(),
            naive.transitions(),
            naive.levels().size(),
            naive.ends(),
            naive.steps() == 0 ? naive.verdict() : naive.verdict() + " after " + naive.steps());
  }

  private static void assertAgrees(Report report, Found naive) {
    assertThat(report.states()).isEqualTo(naive.states());
    assertThat(report.levels()).isEqualTo(naive.levels().size());
    assertThat(Found.of(report, naive.levels())).isEqualTo(naive);
  }

  @Test
  void a_full_channel_is_found_where_the_naive_search_finds_it() {
    World start = World.start(FakeScenarios.withChannels(0).setup());
    WorldModel model = new WorldModel(start, Properties.ALL, false);
    Found naive = NaiveSearch.search(model);
    assertThat(naive.verdict()).isEqualTo("broken NoChannelIsFull");
    assertAgrees(explore(model), naive);
  }
}
