package dev.faultline.explore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.testing.RandomModel;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A bound ends a search whose levels are all small, as it ends any other. */
class BoundsTest {

  private static final Model MODEL = new RandomModel(10, 4, 3, 1, 5);

  static Stream<Bounds> bounds() {
    return Stream.of(
        new Bounds(3, Long.MAX_VALUE, Long.MAX_VALUE),
        new Bounds(Integer.MAX_VALUE, 1, Long.MAX_VALUE),
        new Bounds(Integer.MAX_VALUE, Long.MAX_VALUE, -1));
  }

  @ParameterizedTest
  @MethodSource("bounds")
  void a_bounded_search_says_how_much_it_left(Bounds bounds) {
    Report all = Searches.explore(MODEL, 1);
    assertThat(all.verdict()).isEqualTo(new Verdict.Holds());
    Report report = Searches.explorer(MODEL).explore(1, Reductions.NONE, bounds, Searches.NOBODY);
    assertThat(report.verdict()).isInstanceOf(Verdict.Bounded.class);
    assertThat(report.states()).isLessThan(all.states());
    Verdict.Bounded bounded = (Verdict.Bounded) report.verdict();
    assertThat(bounded.unexpanded()).isBetween(1L, report.states());
    assertThat(bounded.depth()).isEqualTo(report.levels() - 1);
  }

  @ParameterizedTest
  @MethodSource("limits")
  void a_watcher_stops_it(int limit) {
    Report report =
        Searches.explorer(MODEL)
            .explore(1, Reductions.NONE, Bounds.NONE, new Searches.StopAt(limit));
    assertThat(report.verdict()).isInstanceOf(Verdict.Bounded.class);
    assertThat(((Verdict.Bounded) report.verdict()).why()).isEqualTo(Explorer.STOPPED);
    assertThat(report.states()).isGreaterThanOrEqualTo(limit);
  }

  static Stream<Integer> limits() {
    return Stream.of(1, 2, 50);
  }
}
