package dev.faultline.explore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.faultline.explore.yardstick.Yardstick;
import dev.faultline.explore.yardstick.Yardstick.Bug;
import dev.faultline.testing.NaiveSearch;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The yardstick's counts, as SPIN, TLC and two further programs have them. */
class YardstickTest {

  /** States per level with two pages and two threads. */
  private static final List<Integer> LEVELS_2_2 =
      List.of(
          1, 4, 7, 8, 8, 8, 8, 8, 14, 34, 70, 118, 168, 216, 250, 260, 246, 230, 257, 360, 564, 824,
          1076, 1252, 1315, 1268, 1130, 986, 902, 960, 1214, 1632, 2048, 2282, 2252, 1968, 1560,
          1166, 898, 778, 803, 942, 1115, 1226, 1194, 1004, 702, 418, 228, 126, 100, 100, 78, 46,
          20, 4);

  private static final List<Integer> LEVELS_2_3 =
      List.of(
          1, 5, 11, 15, 16, 16, 16, 16, 24, 62, 156, 326, 556, 800, 1028, 1208, 1276, 1212, 1153,
          1325);

  private static final List<Integer> LEVELS_3_2 =
      List.of(
          1, 5, 10, 12, 12, 12, 12, 12, 21, 51, 108, 195, 303, 426, 528, 570, 549, 525, 621, 924);

  static Stream<Arguments> counts() {
    return Stream.of(
        arguments(2, 2, 36_456, 175_092, 56, LEVELS_2_2),
        arguments(2, 3, 303_542, 1_794_926, 59, LEVELS_2_3),
        arguments(3, 2, 518_570, 2_928_716, 76, LEVELS_3_2));
  }

  @ParameterizedTest(name = "{0} pages, {1} threads")
  @MethodSource("counts")
  void every_state_is_seen_once(
      int pages, int threads, int states, int transitions, int levels, List<Integer> sizes) {
    try (Workers workers = new Workers(2)) {
      Search search =
          Searches.expand(new Yardstick(pages, threads, Bug.NONE), workers, each -> each);
      assertThat(search.store().size()).isEqualTo(states);
      assertThat(search.transitions()).isEqualTo(transitions);
      assertThat(Searches.levels(search)).hasSize(levels).startsWith(sizes.toArray(Integer[]::new));
    }
  }

  @Test
  void all_promises_hold_in_all_states() {
    Report report = Searches.explore(new Yardstick(2, 3, Bug.NONE), 2);
    assertThat(report.verdict()).isEqualTo(new Verdict.Holds());
    assertThat(report.properties()).containsExactly("Inv1", "Inv2", "Inv3", "Inv4");
    assertThat(report.states()).isEqualTo(303_542);
    assertThat(report.transitions()).isEqualTo(1_794_926);
    assertThat(report.levels()).isEqualTo(59);
    assertThat(report.endStates()).isZero();
  }

  static Stream<Arguments> bugs() {
    return Stream.of(
        arguments(Bug.CHECK_BEFORE_UNMAP, "Inv1", 21, 3_545, 8_506, 14_372),
        arguments(Bug.LOCK_IGNORES_READERS, "Inv1", 18, 2_187, 4_561, 8_935),
        arguments(Bug.REFUSAL_LEAVES_FAULTS_FORBIDDEN, "Inv4", 18, 1_915, 3_973, 7_897));
  }

  @ParameterizedTest
  @MethodSource("bugs")
  void a_bug_is_found_at_the_level_where_it_shows_first(
      Bug bug, String property, int steps, int states22, int states32, int states23) {
    assertBroken(Searches.explore(new Yardstick(2, 2, bug), 1), property, steps, states22);
    assertBroken(Searches.explore(new Yardstick(3, 2, bug), 1), property, steps, states32);
    assertBroken(Searches.explore(new Yardstick(2, 3, bug), 1), property, steps, states23);
  }

  private static void assertBroken(Report report, String property, int steps, int states) {
    assertThat(report.verdict()).isInstanceOf(Verdict.Broken.class);
    Verdict.Broken broken = (Verdict.Broken) report.verdict();
    assertThat(broken.property()).isEqualTo(property);
    assertThat(broken.trace().length()).isEqualTo(steps);
    assertThat(report.states()).isEqualTo(states);
    assertThat(report.levels()).isEqualTo(steps + 1);
  }

  @ParameterizedTest
  @MethodSource("bugs")
  void the_engine_agrees_with_the_naive_search(Bug bug) {
    assertAgrees(new Yardstick(2, 2, bug));
  }

  @Test
  void the_engine_agrees_with_the_naive_search_where_nothing_is_wrong() {
    assertAgrees(new Yardstick(1, 3, Bug.NONE));
    assertAgrees(new Yardstick(2, 2, Bug.NONE));
  }

  private static void assertAgrees(Yardstick model) {
    NaiveSearch.Found naive = NaiveSearch.search(model);
    Report report = Searches.explore(model, 1);
    assertThat(report.states()).isEqualTo(naive.states());
    assertThat(NaiveSearch.Found.of(report, naive.levels())).isEqualTo(naive);
  }
}
