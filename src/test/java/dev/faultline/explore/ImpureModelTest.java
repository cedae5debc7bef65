package dev.faultline.explore;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A model that depends on something besides what it reads is an error, and no wrong answer. */
class ImpureModelTest {

  private static final Slot<Integer> FIRST = new Slot<>("first", "", 0);
  private static final Slot<Integer> SECOND = new Slot<>("second", "", 0);
  private static final Slot<Integer> THIRD = new Slot<>("third", "", 0);

  /** Something that no sight shows. */
  private int calls;

  private final class Forgetful implements Actor {
    @Override
    public String party() {
      return "forgetful";
    }

    @Override
    public void act(Sight sight, Moves moves) {
      calls++;
      int found = sight.get(calls % 2 == 0 ? FIRST : SECOND);
      if (found < 3) {
        moves.to("count").set(FIRST, found + 1);
      }
    }
  }

  /** Looks at all, so that the other has something new to read in each state. */
  private record Counter() implements Actor {
    @Override
    public String party() {
      return "counter";
    }

    @Override
    public void act(Sight sight, Moves moves) {
      int found = sight.get(THIRD);
      if (found < 3) {
        Moves.Change change = moves.to("count");
        change.set(THIRD, found + 1);
        change.set(SECOND, found + 1);
      }
    }
  }

  private final class Impure implements Model {
    @Override
    public List<Slot<?>> slots() {
      return List.of(FIRST, SECOND, THIRD);
    }

    @Override
    public List<Actor> actors(Collection<Slot<?>> known) {
      return List.of(forgetful, new Counter());
    }

    @Override
    public List<Promise> promises() {
      return new ArrayList<>();
    }

    @Override
    public List<String> waiting(Sight sight) {
      return List.of();
    }
  }

  private final Forgetful forgetful = new Forgetful();

  @Test
  void what_is_read_next_depends_on_what_was_read_before() {
    assertThatThrownBy(() -> Searches.explore(new Impure(), 1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "what is read next depends on something besides what was read before: first, before"
                + " second");
  }
}
