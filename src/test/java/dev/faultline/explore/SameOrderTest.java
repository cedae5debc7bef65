package dev.faultline.explore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.explore.yardstick.Yardstick;
import dev.faultline.explore.yardstick.Yardstick.Bug;
import dev.faultline.testing.RandomModel;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The number of workers changes nothing but the time. */
class SameOrderTest {

  static Stream<Model> models() {
    return Stream.of(
        new Yardstick(2, 2, Bug.NONE),
        new RandomModel(3, 4, 3, 1, 5),
        new RandomModel(4, 12, 200, 7, 5),
        new RandomModel(5, 60, 4_000, 3, 5));
  }

  /** Shares that are as small as can be, so that even small levels are divided. */
  private static List<Map<Slot<?>, Object>> states(Model model, int workers, int chunk) {
    try (Workers threads = new Workers(workers)) {
      return Searches.states(
          Searches.expand(
              model,
              threads,
              search -> {
                search.chunk = chunk;
                search.shared = 2;
                return search;
              }));
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void the_same_states_come_in_the_same_order(Model model) {
    for (int chunk : new int[] {1, 7, 64}) {
      List<Map<Slot<?>, Object>> one = states(model, 1, chunk);
      assertThat(states(model, 2, chunk)).isEqualTo(one);
      assertThat(states(model, 3, chunk)).isEqualTo(one);
      assertThat(one).doesNotHaveDuplicates();
    }
  }

  @ParameterizedTest
  @EnumSource(names = "NONE", mode = EnumSource.Mode.EXCLUDE)
  void the_same_trace_is_told(Bug bug) {
    Report one = Searches.explore(new Yardstick(2, 3, bug), 1);
    Report two = Searches.explore(new Yardstick(2, 3, bug), 2);
    assertThat(two.verdict()).isEqualTo(one.verdict());
    assertThat(two.states()).isEqualTo(one.states());
    assertThat(two.transitions()).isEqualTo(one.transitions());
    assertThat(two.decisions()).isEqualTo(one.decisions());
    assertThat(two.families()).isEqualTo(one.families());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void the_same_is_reported_of_models_that_nobody_thought_of(long seed) {
    Model model = new RandomModel(seed, 12, 200, 7, 5);
    Report one = Searches.explore(model, 1);
    Report two = Searches.explore(model, 2);
    assertThat(two.verdict()).isEqualTo(one.verdict());
    assertThat(two.states()).isEqualTo(one.states());
    assertThat(two.decisions()).isEqualTo(one.decisions());
    assertThat(two.bytesPerState()).isEqualTo(one.bytesPerState());
  }
}
