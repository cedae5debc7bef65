package dev.faultline.explore;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MemoTest {

  private enum Place implements Slot.Grouped {
    WIDE,
    NARROW,
    LATE;

    @Override
    public Object group() {
      return "all";
    }
  }

  private static final Slot<Integer> WIDE = new Slot<>("wide", Place.WIDE, 0);
  private static final Slot<Integer> NARROW = new Slot<>("narrow", Place.NARROW, 0);
  private static final Slot<Integer> LATE = new Slot<>("late", Place.LATE, 0);

  private final Space space = new Space(List.of(WIDE, NARROW));
  private final Memo memo = new Memo(space);
  private final List<Integer> answers = new ArrayList<>();

  /** So many values that reading one whole takes three steps of the tree. */
  @BeforeEach
  void begin() {
    for (int value = 1; value < 5_000; value++) {
      space.number(space.index(WIDE), value);
    }
    for (int value = 1; value < 4; value++) {
      space.number(space.index(NARROW), value);
    }
    space.grow(false);
  }

  private long[] state(int wide, int narrow) {
    return space.write(Map.of(WIDE, wide, NARROW, narrow));
  }

  private int number(Object answer) {
    int known = answers.indexOf((Integer) answer);
    if (known < 0) {
      answers.add((Integer) answer);
      return answers.size() - 1;
    }
    return known;
  }

  private int root() {
    return memo.root("function", this::number);
  }

  /** Reads the narrow slot only where the wide one says so. */
  private static int whole(Sight sight) {
    int wide = sight.get(WIDE);
    return wide % 2 == 0 ? wide : 10_000 + sight.get(NARROW);
  }

  private static int byLook(Sight sight) {
    return sight.look(WIDE, wide -> wide % 3) == 0 ? 7 : sight.get(NARROW);
  }

  private interface Function {
    int of(Sight sight);
  }

  private int ask(Function function, long[] state) {
    int known = memo.walk(root(), state, 0);
    if (known >= 0) {
      return answers.get(known);
    }
    Memo.Learning learning = memo.learn("function", state, 0);
    int answer = function.of(learning);
    learning.answer(answer);
    assertThat(answers.get(memo.walk(root(), state, 0))).isEqualTo(answer);
    return answer;
  }

  private void askAll(Function function) {
    Random random = new Random(1);
    for (int time = 0; time < 20_000; time++) {
      long[] state = state(random.nextInt(5_000), random.nextInt(4));
      assertThat(ask(function, state)).isEqualTo(function.of(Memo.plain(space, state, 0)));
    }
  }

  @Test
  void what_is_read_whole_is_asked_once_for_each_value() {
    root();
    for (int wide = 0; wide < 5_000; wide++) {
      for (int narrow = 0; narrow < 4; narrow++) {
        long[] state = state(wide, narrow);
        assertThat(ask(MemoTest::whole, state)).isEqualTo(whole(Memo.plain(space, state, 0)));
      }
    }
    assertThat(memo.learned()).isEqualTo(2_500 + 2_500 * 4);
  }

  @Test
  void values_that_look_alike_share_what_was_learned() {
    root();
    askAll(MemoTest::byLook);
    // Each value has to be looked at once; what comes after that is shared.
    assertThat(memo.learned()).isBetween(4_900L, 5_100L);
  }

  @Test
  void nothing_is_asked_again_when_states_are_written_otherwise() {
    root();
    askAll(MemoTest::whole);
    long learned = memo.learned();
    for (int value = 5_000; value < 70_000; value++) {
      space.number(space.index(WIDE), value);
    }
    space.number(space.index(LATE), 3);
    assertThat(space.isOutgrown()).isTrue();
    space.grow(false);
    memo.relearn(true);
    askAll(MemoTest::whole);
    assertThat(memo.learned()).isEqualTo(learned);
    assertThat(ask(MemoTest::whole, state(69_998, 1))).isEqualTo(69_998);
  }

  @Test
  void who_asked_which_slots_there_are_is_asked_again_when_there_are_more() {
    root();
    Function function = sight -> sight.known("all").size();
    assertThat(ask(function, state(1, 1))).isEqualTo(2);
    assertThat(ask(function, state(2, 2))).isEqualTo(2);
    assertThat(memo.learned()).isEqualTo(1);
    space.index(LATE);
    space.grow(false);
    memo.relearn(true);
    assertThat(ask(function, state(2, 2))).isEqualTo(3);
    assertThat(memo.learned()).isEqualTo(2);
  }
}
