package dev.faultline.explore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.testing.FakeRules;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CirclesTest {

  private static Stream<FakeRules> models() {
    Random random = new Random(7);
    return Stream.generate(() -> FakeRules.draw(random)).limit(400);
  }

  private static Set<String> round(Search search) throws Pending.Unfinished {
    Set<String> round = new TreeSet<>();
    Circles.of(search, search.recurring(), Long.MAX_VALUE, () -> false)
        .each(state -> round.add(Arrays.toString(state)));
    return round;
  }

  /** By state, those that it leads to; states are told by how they are written. */
  private static Map<String, Set<String>> graph(Search search) {
    List<long[]> states = new ArrayList<>();
    Store store = search.store();
    for (int region = 0; region < Store.REGIONS; region++) {
      for (int index = 0; index < store.regions[region].size; index++) {
        states.add(store.regions[region].state(index));
      }
    }
    Map<String, Set<String>> graph = new LinkedHashMap<>();
    for (long[] state : states) {
      Set<String> next = new TreeSet<>();
      search.successors(state, 0, (_, _, after) -> next.add(written(after, search)));
      graph.put(Arrays.toString(state), next);
    }
    return graph;
  }

  private static String written(long[] state, Search search) {
    return Arrays.toString(Arrays.copyOf(state, search.space().words()));
  }

  private static boolean leadsBack(Map<String, Set<String>> graph, String state) {
    Set<String> seen = new TreeSet<>();
    Deque<String> open = new ArrayDeque<>(graph.get(state));
    while (!open.isEmpty()) {
      String each = open.pop();
      if (seen.add(each)) {
        open.addAll(graph.get(each));
      }
    }
    return seen.contains(state);
  }

  @Test
  void what_lies_on_a_way_round_is_what_leads_back_to_itself() throws Pending.Unfinished {
    int round = 0;
    int none = 0;
    for (FakeRules model : models().toList()) {
      try (Workers workers = new Workers(2)) {
        Search search = Searches.expand(model, workers, each -> each);
        Map<String, Set<String>> graph = graph(search);
        Set<String> expected = new TreeSet<>();
        for (String state : graph.keySet()) {
          if (leadsBack(graph, state)) {
            expected.add(state);
          }
        }
        assertThat(round(search)).as("%s", model).isEqualTo(expected);
        round += expected.isEmpty() ? 0 : 1;
        none += search.recurring().isEmpty() ? 1 : 0;
      }
    }
    // Models of both kinds were drawn.
    assertThat(round).isGreaterThan(40);
    assertThat(none).isGreaterThan(40);
  }

  @Test
  void what_each_cell_alone_could_do_again_the_states_may_not() throws Pending.Unfinished {
    FakeRules.Cell first = new FakeRules.Cell(0, 1);
    FakeRules.Cell second = new FakeRules.Cell(1, 1);
    FakeRules model =
        new FakeRules(
            2,
            List.of(
                rule(List.of(new FakeRules.Cell(0, 0), new FakeRules.Cell(1, 0)), first),
                rule(List.of(first, new FakeRules.Cell(1, 0)), second),
                rule(List.of(first, second), new FakeRules.Cell(0, 0))));
    try (Workers workers = new Workers(1)) {
      Search search = Searches.expand(model, workers, each -> each);
      assertThat(search.recurring()).hasSize(2);
      assertThat(round(search)).isEmpty();
    }
  }

  private static FakeRules.Rule rule(List<FakeRules.Cell> where, FakeRules.Cell then) {
    return new FakeRules.Rule(where, List.of(then));
  }
}
