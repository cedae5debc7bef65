package dev.faultline.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.journal.Source;
import dev.faultline.scenario.Pair.Standing;
import dev.faultline.scenario.yaml.Problem;
import dev.faultline.scenario.yaml.Problems;
import dev.faultline.scenario.yaml.YamlSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of modes and revisions says of each two of them on whose word they go together. */
class PairsTest {

  private static final Library.OfFiles LIBRARY = new Library.OfFiles(Path.of(""));

  @TempDir Path folder;

  static List<String> revisions() {
    return LIBRARY.names(Source.Kind.REVISION);
  }

  @ParameterizedTest
  @MethodSource("revisions")
  void each_shipped_revision_and_mode_have_a_standing_with_its_reason(String revision) {
    for (String mode : LIBRARY.names(Source.Kind.MODE)) {
      Problems problems = new Problems();
      Optional<Pair> pair = ScenarioLoader.pair(LIBRARY, revision, mode, problems);
      assertThat(problems.render()).isEmpty();
      assertThat(pair).as("%s, %s", revision, mode).isPresent();
      assertThat(pair.get().note()).as("%s, %s", revision, mode).isNotBlank();
    }
  }

  @Test
  void a_revision_stands_as_the_one_that_it_builds_on() {
    assertThat(ScenarioLoader.pair(LIBRARY, "in-place-v8-batches", "tdx", new Problems()))
        .hasValueSatisfying(pair -> assertThat(pair.standing()).isEqualTo(Standing.POSTED));
    assertThat(ScenarioLoader.pair(LIBRARY, "thread-query", "default", new Problems()))
        .hasValueSatisfying(pair -> assertThat(pair.runs()).isFalse());
  }

  private List<String> told(String text) throws Exception {
    Path file = Files.writeString(folder.resolve("s.yaml"), text);
    Problems problems = new Problems();
    ScenarioLoader.load(LIBRARY, file.toString(), ScenarioLoader.Overrides.NONE, problems);
    return problems.sorted().stream()
        .map(Problem::toString)
        .map(line -> line.replace(folder + "/", ""))
        .toList();
  }

  @Test
  void a_scenario_that_names_a_pair_which_cannot_meet_is_told_why() throws Exception {
    List<String> told =
        told(
            """
            story: two that cannot meet
            mode: default
            revision: rfc-2024-09
            memory: {size: 4 KiB}
            script: {vmm: [load: 0]}
            """);
    assertThat(told).hasSize(1);
    assertThat(told.getFirst())
        .startsWith(
            "s.yaml:2:7: mode \"default\" and revision \"rfc-2024-09\" do not go together:"
                + " its files are for types of VM with private memory; modes that go with it: ")
        .contains("sw-protected")
        .doesNotContain("default,");
  }

  @Test
  void a_pair_of_which_nothing_is_said_can_be_run() throws Exception {
    Path mode =
        Files.writeString(
            folder.resolve("own.yaml"), "name: own\nsource: a test\nguest-chooses-view: no\n");
    assertThat(
            told(
                """
                story: a mode that no table knows
                mode: %s
                memory: {size: 4 KiB}
                script: {vmm: [load: 0]}
                """
                    .formatted(mode)))
        .isEmpty();
  }

  @Test
  void a_mistake_in_the_table_is_told_where_it_is() {
    Problems problems = new Problems();
    YamlSource broken =
        new YamlSource("pairs.yaml", "in-place-v8:\n  tdx: refused\n  snp: {posted: a, ours: b}\n");
    assertThat(Pairs.read(broken, problems)).isEqualTo(Pairs.NONE);
    assertThat(problems.sorted())
        .extracting(Problem::toString)
        .containsExactly(
            "pairs.yaml:2:8: a pair that is refused needs its reason: {refused: why}",
            "pairs.yaml:3:8: a pair is one of merged, posted, argued, ours, refused");
  }
}
