package dev.faultline.explore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpaceTest {

  private static Slot<Integer> slot(int number) {
    return new Slot<>("family " + number % 3, number, 0);
  }

  private static List<Slot<?>> slots(int count) {
    List<Slot<?>> slots = new ArrayList<>();
    for (int number = 0; number < count; number++) {
      slots.add(slot(number));
    }
    return slots;
  }

  private static Object read(Space space, long[] state, Slot<?> slot) {
    return Memo.plain(space, state, 0).get(slot);
  }

  /** Grows from one word over two and four to more, and every state is read as it was written. */
  @ParameterizedTest
  @CsvSource({"5, false", "12, false", "25, false", "70, false", "5, true", "25, true", "70, true"})
  void a_state_that_is_written_again_holds_what_it_held(int count, boolean roomy) {
    Space space = new Space(slots(count));
    long[] state = space.write(Map.of());
    Map<Slot<?>, Object> held = new LinkedHashMap<>();
    int rewrites = 0;
    for (int round = 1; round <= 3_000; round++) {
      Slot<Integer> slot = slot(round * 31 % count);
      int index = space.index(slot);
      int number = space.number(index, round);
      held.put(slot, round);
      if (space.isOutgrown()) {
        Space.Layout before = space.grow(roomy);
        long[] target = new long[space.words()];
        space.rewrite(before, state, 0, target);
        state = target;
        rewrites++;
      }
      state[space.word(index)] ^=
          (long) (space.numberIn(state, 0, index) ^ number) << space.shift(index);
      if (round % 97 == 0 || round == 3_000) {
        long[] now = state;
        held.forEach((each, value) -> assertThat(read(space, now, each)).isEqualTo(value));
      }
    }
    assertThat(Arrays.stream(state).min().orElseThrow()).isNotNegative();
    // 1,000 values and the first: ten bits, and a spare one where they were outgrown; or
    // what was left of the words was given away as well, and no word more.
    assertThat(space.bits()).isBetween(10 * count, roomy ? 63 * space.words() : 11 * count);
    assertThat(rewrites).isPositive();
    assertThat(space.words()).isBetween((10 * count + 62) / 63, (count + 4) / 5);
    assertThat(space.sizes()).containsOnlyKeys("family 0", "family 1", "family 2");
  }

  @Test
  void a_slot_that_shows_up_late_changes_nothing_in_the_states_before() {
    Space space = new Space(slots(2));
    long[] state = space.write(Map.of(slot(1), 5));
    assertThat(space.find(slot(9))).isEqualTo(-1);
    assertThat(read(space, state, slot(9))).isEqualTo(0);
    int late = space.index(slot(9));
    assertThat(space.isOutgrown()).isTrue();
    assertThat(space.laid()).containsExactly(slot(0), slot(1));
    assertThat(space.slots().stream().toList()).isEqualTo(List.of(slot(0), slot(1), slot(9)));
    assertThat(space.numberIn(state, 0, late)).isZero();
    space.number(late, 77);
    Space.Layout before = space.grow(false);
    long[] target = new long[space.words()];
    space.rewrite(before, state, 0, target);
    assertThat(space.laid()).hasSize(3);
    assertThat(read(space, target, slot(1))).isEqualTo(5);
    assertThat(read(space, target, slot(9))).isEqualTo(0);
  }

  @Test
  void the_first_state_is_all_zeros_where_nothing_is_set() {
    assertThat(new Space(slots(40)).write(Map.of())).containsOnly(0);
  }

  @Test
  void a_family_begins_with_one_value() {
    Space space = new Space(List.of(new Slot<>("page", 0, "private")));
    assertThatThrownBy(() -> space.index(new Slot<>("page", 1, "shared")))
        .hasMessage("slots of family page begin otherwise");
  }
}
