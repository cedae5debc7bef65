package dev.faultline.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.testing.NaiveExplorer;
import dev.faultline.testing.OutcomeFile;
import dev.faultline.testing.Stories;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Shipped races end in exactly the ways in which an independent program found them to end, in each
 * of three designs: one missing means an act that is too coarse, one too many a missing lock, check
 * or reference.
 */
class EndsTest {

  static List<OutcomeFile.Case> shipped() {
    return OutcomeFile.read(Path.of("src/test/resources/outcomes/shipped.txt"));
  }

  @ParameterizedTest
  @MethodSource("shipped")
  void a_shipped_race_ends_as_listed(OutcomeFile.Case listed) {
    Scenario scenario = Stories.load(listed.scenario(), Stories.revision(listed.revision()));
    NaiveExplorer.Checked found = NaiveExplorer.check(scenario);
    assertThat(List.copyOf(found.ends())).containsExactlyInAnyOrderElementsOf(listed.ends());
    assertThat(List.copyOf(found.broken())).containsExactlyInAnyOrderElementsOf(listed.broken());
  }
}
