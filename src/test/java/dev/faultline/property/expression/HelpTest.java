package dev.faultline.property.expression;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What can be said, as users read it. */
class HelpTest {

  @Test
  void it_is_in_the_readme_and_fits_on_a_screen() throws Exception {
    assertThat(Files.readString(Path.of("README.md"))).contains("```\n" + Expression.HELP + "```");
    assertThat(Expression.HELP.lines().count()).isLessThanOrEqualTo(50);
    assertThat(Expression.HELP.lines()).allMatch(line -> line.length() <= 80);
  }

  @Test
  void it_names_every_word_of_a_page_and_every_count() {
    PagesParser.ADJECTIVES.forEach(word -> assertThat(Expression.HELP).contains(word));
    for (Count count : Count.values()) {
      assertThat(Expression.HELP).contains(count.word());
    }
  }
}
