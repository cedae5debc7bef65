package dev.faultline.explore;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What was seen early is told right, though states are written otherwise by then. */
class EarlyEndTest {

  private static final Slot<Integer> COUNT = new Slot<>("count", "", 0);
  private static final Slot<Boolean> OVER = new Slot<>("over", "", false);

  /** Counts, and ends after three steps or after many. */
  private record Counter() implements Actor {
    @Override
    public String party() {
      return "counter";
    }

    @Override
    public void act(Sight sight, Moves moves) {
      int count = sight.get(COUNT);
      if (sight.get(OVER) || count == 1_000) {
        return;
      }
      moves.to("count").set(COUNT, count + 1);
      if (count == 3) {
        moves.to("stop").set(OVER, true);
      }
    }
  }

  private record Counting() implements Model {
    @Override
    public List<Slot<?>> slots() {
      return List.of(COUNT, OVER);
    }

    @Override
    public List<Actor> actors(Collection<Slot<?>> known) {
      return List.of(new Counter());
    }

    @Override
    public List<Promise> promises() {
      return List.of();
    }

    @Override
    public List<String> waiting(Sight sight) {
      return List.of();
    }
  }

  @Test
  void an_end_that_was_seen_before_values_outgrew_their_bits_has_its_trace() {
    Report report =
        new Explorer(new Counting(), List.of(), Set.of(), Optional.of(sight -> sight.get(COUNT)))
            .explore(1, Reductions.NONE, Bounds.NONE, Searches.NOBODY);
    assertThat(report.endings()).extracting(Report.Ending::what).containsExactly(3, 1_000);
    assertThat(report.endings()).extracting(end -> end.trace().length()).containsExactly(4, 1_000);
    assertThat(report.endings().getFirst().trace().moves().getLast())
        .isEqualTo(new Trace.Move("counter", "stop"));
  }
}
