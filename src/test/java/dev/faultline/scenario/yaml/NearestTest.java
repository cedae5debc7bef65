package dev.faultline.scenario.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Which word is taken for the one that was meant. */
class NearestTest {

  private static final List<String> WORDS = List.of("dma-map", "dma-unmap", "convert-to-private");

  @Test
  void a_letter_added_left_out_changed_or_swapped_is_forgiven() {
    assertThat(Nearest.of("dma-mapp", WORDS)).contains("dma-map");
    assertThat(Nearest.of("dmamap", WORDS)).contains("dma-map");
    assertThat(Nearest.of("dma-mip", WORDS)).contains("dma-map");
    assertThat(Nearest.of("dma-mpa", WORDS)).contains("dma-map");
    assertThat(Nearest.of("dma-unmpa", WORDS)).contains("dma-unmap");
    assertThat(Nearest.of("convert-to-privat", WORDS)).contains("convert-to-private");
  }

  @Test
  void another_word_is_another_word() {
    assertThat(Nearest.of("accept", WORDS)).isEmpty();
    assertThat(Nearest.of("x".repeat(1 << 20), WORDS)).isEmpty();
    assertThat(Nearest.of("", WORDS)).isEmpty();
    assertThat(Nearest.hint("accept", WORDS))
        .isEqualTo("; one of: dma-map, dma-unmap, convert-to-private");
    assertThat(Nearest.hint("accept", List.of())).isEmpty();
  }
}
