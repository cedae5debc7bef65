package dev.faultline.explore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.explore.yardstick.Yardstick;
import dev.faultline.explore.yardstick.YardstickFairness;
import dev.faultline.testing.FakeGraph;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LivenessTest {

  private static Liveness.Answer check(Model model, Fairness fairness, Eventually promise) {
    return check(model, fairness, promise, Long.MAX_VALUE);
  }

  /** Searches, asks of each state in which nobody can move, and then for loops. */
  private static Liveness.Answer check(
      Model model, Fairness fairness, Eventually promise, long bytes) {
    try (Workers workers = new Workers(1)) {
      Search search =
          new Search(
              model,
              Reductions.NONE,
              workers,
              List.of(sight -> promise.to().test(sight) ? Optional.of(true) : Optional.empty()));
      boolean comesAbout = true;
      while (search.store().size(search.level()) > 0) {
        search.expand(() -> false);
        for (long[] end : search.ends()) {
          comesAbout &= search.ask(0, end).isPresent();
        }
      }
      return new Liveness(search, fairness, () -> bytes, () -> false)
          .check(new Liveness.Asked(promise, 0, comesAbout));
    }
  }

  // The yardstick, as its description has it.

  private static final Yardstick YARDSTICK = new Yardstick(2, 2, Yardstick.Bug.NONE);

  private static Lasso broken(Liveness.Answer answer) {
    assertThat(answer).isInstanceOf(Liveness.Answer.Broken.class);
    return ((Liveness.Answer.Broken) answer).lasso();
  }

  /** The stronger fairness of the yardstick, without one group. */
  private static Fairness without(String name) {
    return actors ->
        YardstickFairness.FAIR_F.groups(actors).stream()
            .filter(group -> !group.name().equals(name))
            .toList();
  }

  @Test
  void a_request_need_not_be_answered_under_weak_fairness() {
    Lasso lasso = broken(check(YARDSTICK, YardstickFairness.FAIR, YardstickFairness.ANSWERED));
    assertThat(lasso.property()).isEqualTo("Answered");
    assertThat(lasso.stem().length()).isEqualTo(12);
    // The VMM unpins, the device maps again; both threads have to move as well.
    assertThat(lasso.loop().moves())
        .extracting(Trace.Move::label)
        .containsExactlyInAnyOrder(
            "V_Unpin", "H_Sigbus(0,0)", "H_SigAck(0)", "H_Sigbus(1,0)", "H_SigAck(1)", "D_Map(1)");
  }

  @Test
  void it_is_answered_if_the_ioctl_and_giving_up_are_strongly_fair() {
    assertThat(check(YARDSTICK, YardstickFairness.FAIR_F, YardstickFairness.ANSWERED))
        .isEqualTo(new Liveness.Answer.Kept());
  }

  @Test
  void a_vmm_that_may_retry_for_ever_meets_a_pin_each_time() {
    Lasso lasso = broken(check(YARDSTICK, without("V_Fail"), YardstickFairness.ANSWERED));
    assertThat(lasso.loop().moves())
        .extracting(Trace.Move::label)
        .contains("V_Ioctl", "K_Busy", "V_Retry")
        .doesNotContain("V_Fail", "K_Commit");
  }

  @Test
  void a_vmm_that_may_put_the_ioctl_off_unpins_for_ever() {
    Lasso lasso = broken(check(YARDSTICK, without("V_Ioctl"), YardstickFairness.ANSWERED));
    assertThat(lasso.loop().moves())
        .extracting(Trace.Move::label)
        .contains("V_Unpin")
        .doesNotContain("V_Ioctl");
  }

  @Test
  void if_nobody_has_to_move_it_ends_with_the_request() {
    Lasso lasso = broken(check(YARDSTICK, _ -> List.of(), YardstickFairness.ANSWERED));
    assertThat(lasso.stem().moves()).extracting(Trace.Move::party).containsExactly("guest");
    assertThat(lasso.loop().moves()).isEmpty();
  }

  @Test
  void a_graph_that_takes_more_than_it_may_is_not_finished() {
    assertThat(check(YARDSTICK, YardstickFairness.FAIR, YardstickFairness.ANSWERED, 10_000))
        .isEqualTo(new Liveness.Answer.Unfinished());
  }

  @Test
  void a_loop_that_avoids_a_strong_group_is_found_though_each_shortcut_meets_it() {
    List<FakeGraph.Edge> edges = new ArrayList<>();
    for (int[] way :
        new int[][] {
          {0, 1}, {1, 2}, {2, 3}, {3, 1}, {1, 4}, {4, 1}, {2, 4}, {4, 2}, {3, 4}, {4, 3}
        }) {
      edges.add(new FakeGraph.Edge(0, way[0], way[1], "go"));
    }
    edges.add(new FakeGraph.Edge(1, 4, 5, "jump"));
    FakeGraph graph =
        new FakeGraph(
            6,
            edges,
            List.of(
                new FakeGraph.Due(0, Optional.empty(), false),
                new FakeGraph.Due(1, Optional.of("jump"), true)),
            Set.of(0),
            Set.of(5));
    Eventually arrives =
        Eventually.of("arrives", sight -> sight.get(FakeGraph.PLACE) == 5, _ -> List.of());
    Lasso lasso = broken(check(graph, graph.fairness(), arrives));
    assertThat(lasso.stem().length()).isEqualTo(1);
    assertThat(lasso.loop().length()).isEqualTo(3);
  }

  // Graphs by chance, against the plainest answer.

  @ParameterizedTest
  @CsvSource({"1, 500", "2, 500", "3, 500", "4, 500"})
  void what_is_found_is_a_fair_run_and_what_is_not_found_is_not_there(long seed, int count) {
    Random random = new Random(seed);
    int broken = 0;
    for (int number = 0; number < count; number++) {
      FakeGraph graph = FakeGraph.draw(random);
      boolean first = random.nextBoolean();
      Eventually promise =
          new Eventually(
              "arrives",
              first
                  ? Optional.empty()
                  : Optional.of(sight -> graph.from().contains(sight.get(FakeGraph.PLACE))),
              sight -> graph.to().contains(sight.get(FakeGraph.PLACE)),
              sight -> List.of(sight.get(FakeGraph.PLACE).toString()));
      Set<Integer> asked = first ? Set.of(0) : graph.from();
      switch (check(graph, graph.fairness(), promise)) {
        case Liveness.Answer.Kept() ->
            assertThat(isThereAFairLoop(graph, asked)).as("%s", graph).isFalse();
        case Liveness.Answer.Broken(Lasso lasso) -> {
          broken++;
          assertThat(isALasso(graph, asked, lasso)).as("%s: %s", graph, lasso).isTrue();
        }
        case Liveness.Answer.Unfinished _, Liveness.Answer.Undecided _ ->
            throw new AssertionError(graph);
      }
    }
    assertThat(broken).isBetween(count / 10, count * 9 / 10);
  }

  private static List<FakeGraph.Edge> from(FakeGraph graph, int place) {
    return graph.edges().stream().filter(edge -> edge.from() == place).toList();
  }

  /** Tries every set of places as the one that a run comes by again and again. */
  private static boolean isThereAFairLoop(FakeGraph graph, Set<Integer> asked) {
    Set<Integer> all = closure(graph, Set.of(0), place -> true);
    Set<Integer> begin = new TreeSet<>(asked);
    begin.retainAll(all);
    begin.removeAll(graph.to());
    Set<Integer> pending = closure(graph, begin, place -> !graph.to().contains(place));
    for (int bits = 1; bits < 1 << graph.size(); bits++) {
      Set<Integer> set = new TreeSet<>();
      for (int place = 0; place < graph.size(); place++) {
        if ((bits >> place & 1) == 1) {
          set.add(place);
        }
      }
      if (pending.containsAll(set) && isFair(graph, set)) {
        return true;
      }
    }
    return false;
  }

  private static Set<Integer> closure(
      FakeGraph graph, Set<Integer> begin, Predicate<Integer> within) {
    Set<Integer> reached = new TreeSet<>(begin);
    boolean more = true;
    while (more) {
      more = false;
      for (FakeGraph.Edge edge : graph.edges()) {
        more |= reached.contains(edge.from()) && within.test(edge.to()) && reached.add(edge.to());
      }
    }
    return reached;
  }

  /** Whether a fair run can come by these places, and no others, for ever. */
  private static boolean isFair(FakeGraph graph, Set<Integer> set) {
    List<FakeGraph.Edge> inside =
        graph.edges().stream()
            .filter(edge -> set.contains(edge.from()) && set.contains(edge.to()))
            .toList();
    if (set.size() == 1
        && from(graph, set.iterator().next()).stream()
            .noneMatch(edge -> graph.groups().stream().anyMatch(due -> due.has(edge)))) {
      return true;
    }
    boolean connected =
        !inside.isEmpty()
            && set.stream()
                .allMatch(place -> closure(graph, Set.of(place), set::contains).equals(set));
    return connected && graph.groups().stream().allMatch(due -> hasItsDue(graph, due, set, inside));
  }

  private static boolean hasItsDue(
      FakeGraph graph, FakeGraph.Due due, Set<Integer> set, List<FakeGraph.Edge> taken) {
    boolean always = set.stream().allMatch(place -> from(graph, place).stream().anyMatch(due::has));
    boolean sometimes =
        set.stream().anyMatch(place -> from(graph, place).stream().anyMatch(due::has));
    return taken.stream().anyMatch(due::has) || !(due.strong() ? sometimes : always);
  }

  /** Walks a lasso, wherever its labels can lead. */
  private static boolean isALasso(FakeGraph graph, Set<Integer> asked, Lasso lasso) {
    int anchor = Integer.parseInt(lasso.waiting().getFirst());
    return goes(graph, asked, 0, false, lasso.stem().moves(), anchor, new ArrayList<>(), false)
        && goes(graph, asked, anchor, true, lasso.loop().moves(), anchor, new ArrayList<>(), true);
  }

  private static boolean goes(
      FakeGraph graph,
      Set<Integer> asked,
      int at,
      boolean pending,
      List<Trace.Move> moves,
      int end,
      List<FakeGraph.Edge> taken,
      boolean round) {
    boolean now = (pending || asked.contains(at)) && !graph.to().contains(at);
    if (moves.isEmpty()) {
      return at == end && now && (!round || isFairRound(graph, end, taken));
    }
    for (FakeGraph.Edge edge : from(graph, at)) {
      if (moves.getFirst().equals(new Trace.Move("walker " + edge.walker(), edge.label()))) {
        List<FakeGraph.Edge> on = new ArrayList<>(taken);
        on.add(edge);
        if (goes(graph, asked, edge.to(), now, moves.subList(1, moves.size()), end, on, round)) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean isFairRound(FakeGraph graph, int anchor, List<FakeGraph.Edge> taken) {
    Set<Integer> set = new TreeSet<>(Set.of(anchor));
    taken.forEach(edge -> set.add(edge.to()));
    return graph.groups().stream().allMatch(due -> hasItsDue(graph, due, set, taken));
  }
}
