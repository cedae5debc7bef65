package dev.faultline.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.explore.Bounds;
import dev.faultline.explore.Explorer;
import dev.faultline.explore.Reductions;
import dev.faultline.explore.Report;
import dev.faultline.explore.Verdict;
import dev.faultline.journal.Source;
import dev.faultline.scenario.ScenarioLoader.Overrides;
import dev.faultline.scenario.yaml.Problems;
import dev.faultline.testing.Stories;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a search leaves out changes no verdict: shipped stories, and those of known bugs. */
class ReductionsTest {

  private static final Library.OfFiles LIBRARY = new Library.OfFiles(Path.of(""));

  private static final Explorer.Watcher NOBODY =
      new Explorer.Watcher() {
        @Override
        public void at(Explorer.Progress progress) {}

        @Override
        public boolean stops() {
          return false;
        }
      };

  static List<String> scenarios() {
    return LIBRARY.names(Source.Kind.SCENARIO);
  }

  static List<String> mutations() {
    return LIBRARY.names(Source.Kind.MUTATION);
  }

  @ParameterizedTest
  @MethodSource("scenarios")
  void a_shipped_scenario_has_one_verdict(String name) {
    assertAllAgree(Stories.load(name, Overrides.NONE));
  }

  @ParameterizedTest
  @MethodSource("mutations")
  void a_known_bug_is_found_in_as_many_steps(String name) {
    Problems problems = new Problems();
    Mutation mutation = ScenarioLoader.mutation(LIBRARY, name, problems).orElseThrow().mutation();
    for (String scenario : mutation.scenarios()) {
      assertAllAgree(Stories.load(scenario, Overrides.NONE.mutated(List.of(name))));
    }
  }

  private static void assertAllAgree(Scenario scenario) {
    Report whole = explore(scenario, Reductions.NONE);
    List<Reductions> reduced = new ArrayList<>();
    reduced.add(new Reductions(true, false));
    reduced.add(new Reductions(false, true));
    reduced.add(Reductions.ALL);
    for (Reductions reductions : reduced) {
      Report report = explore(scenario, reductions);
      assertThat(word(report.verdict())).as(reductions.toString()).isEqualTo(word(whole.verdict()));
      assertThat(report.admitted().keySet()).isEqualTo(whole.admitted().keySet());
    }
  }

  private static Report explore(Scenario scenario, Reductions reductions) {
    return Exploration.of(scenario).verdict().explore(1, reductions, Bounds.NONE, NOBODY);
  }

  /** The verdict, what breaks, and after how many steps; a loop need not be the same one. */
  private static String word(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Broken broken -> broken.property() + " after " + broken.trace().length();
      case Verdict.Stuck stuck -> "stuck after " + stuck.trace().length();
      case Verdict.Never(var lasso) -> "a loop without " + lasso.property();
      case Verdict.Vacuous vacuous -> "vacuous " + vacuous.missing();
      case Verdict.Holds _, Verdict.Found _, Verdict.Bounded _, Verdict.Sampled _ ->
          verdict.getClass().getSimpleName();
    };
  }
}
