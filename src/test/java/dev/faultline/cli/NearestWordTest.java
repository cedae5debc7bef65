package dev.faultline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class NearestWordTest {

  private static final List<String> COMMANDS = List.of("run", "replay", "show", "why", "list");

  @Test
  void a_swap_of_neighbours_is_one_edit() {
    assertThat(NearestWord.of("rnu", COMMANDS)).contains("run");
    assertThat(NearestWord.of("dma-mpa", List.of("dma-unmap", "dma-map"))).contains("dma-map");
  }

  @Test
  void a_letter_too_many_too_few_or_wrong_is_one_edit() {
    assertThat(NearestWord.of("runn", COMMANDS)).contains("run");
    assertThat(NearestWord.of("repay", COMMANDS)).contains("replay");
    assertThat(NearestWord.of("shaw", COMMANDS)).contains("show");
  }

  @Test
  void a_word_that_is_nothing_like_the_others_has_none() {
    assertThat(NearestWord.of("fly", COMMANDS)).isEmpty();
    assertThat(NearestWord.of("", COMMANDS)).isEmpty();
  }

  @Test
  void of_two_that_are_equally_near_it_is_the_first() {
    assertThat(NearestWord.of("cat", List.of("bat", "hat"))).contains("bat");
  }
}
