package dev.faultline.explore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.testing.NaiveSearch;
import dev.faultline.testing.RandomModel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** On models that nobody thought of, the engine and the naive search see the same. */
class RandomModelsTest {

  /** Small and wide ones: states of one word, of two, and of more than four. */
  static Stream<RandomModel> models() {
    return LongStream.rangeClosed(1, 12)
        .boxed()
        .flatMap(
            seed ->
                Stream.of(
                    new RandomModel(seed, 4, 3, 1, 5),
                    new RandomModel(seed, 12, 200, 7, 5),
                    new RandomModel(seed, 60, 4_000, 3, 5)));
  }

  @ParameterizedTest
  @MethodSource("models")
  void the_engine_agrees_with_the_naive_search(RandomModel model) {
    NaiveSearch.Found naive = NaiveSearch.search(model);
    Report report = Searches.explore(model, 1);
    assertThat(report.states()).isEqualTo(naive.states());
    assertThat(report.levels()).isEqualTo(naive.levels().size());
    assertThat(NaiveSearch.Found.of(report, naive.levels())).isEqualTo(naive);
  }

  @ParameterizedTest
  @MethodSource("models")
  void the_ways_to_end_are_those_of_the_naive_search(RandomModel model) {
    Report report =
        new Explorer(model, List.of(), Set.of(), Optional.of(RandomModel::ending))
            .explore(1, Reductions.NONE, Bounds.NONE, Searches.NOBODY);
    Map<Object, NaiveSearch.Ending> endings = new HashMap<>();
    for (Report.Ending each : report.endings()) {
      endings.put(each.what(), new NaiveSearch.Ending(each.states(), each.trace().length()));
    }
    assertThat(endings)
        .hasSameSizeAs(report.endings())
        .isEqualTo(NaiveSearch.endings(model, RandomModel::ending));
  }

  @Test
  void these_models_are_of_all_kinds() {
    TreeSet<String> verdicts = new TreeSet<>();
    List<Integer> words = new ArrayList<>();
    models()
        .forEach(
            model -> {
              verdicts.add(NaiveSearch.search(model).verdict());
              try (Workers workers = new Workers(1)) {
                words.add(Searches.expand(model, workers, search -> search).space().words());
              }
            });
    assertThat(verdicts).containsExactly("broken Never0", "broken Never1", "holds", "stuck");
    assertThat(words).contains(1, 2).anyMatch(count -> count > 4);
  }
}
