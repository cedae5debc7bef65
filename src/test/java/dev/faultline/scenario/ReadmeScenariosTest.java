package dev.faultline.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.testing.Stories;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The scenarios that stand in the README can be run as they stand there. */
class ReadmeScenariosTest {

  @TempDir Path folder;

  static List<String> scenarios() {
    try {
      return Pattern.compile("```yaml\n(story:.*?)```", Pattern.DOTALL)
          .matcher(Files.readString(Path.of("README.md")))
          .results()
          .map((MatchResult block) -> block.group(1))
          .toList();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @Test
  void there_is_a_story_and_a_race() {
    assertThat(scenarios()).hasSize(2);
  }

  @ParameterizedTest
  @MethodSource("scenarios")
  void a_scenario_of_the_readme_runs_to_its_end(String text) {
    assertThat(Stories.run(new Stories(folder).scenario(text)).failures()).isEmpty();
  }
}
