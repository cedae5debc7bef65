package dev.faultline.explore;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegionTest {

  private static final int STATES = 5_000;

  /** States of several words that have one hash: the last word undoes what the first has done. */
  private static long[] colliding(int words) {
    long[] states = new long[STATES * words];
    long hash = 12_345;
    for (int state = 0; state < STATES; state++) {
      int last = (state + 1) * words - 1;
      states[state * words] = 7L * state;
      for (int word = 1; word < words - 1; word++) {
        states[state * words + word] = state ^ word;
      }
      long before = states[state * words] * 0x9E3779B97F4A7C15L;
      for (int word = 1; word < words - 1; word++) {
        before = (before ^ before >>> 29 ^ states[state * words + word]) * 0x9E3779B97F4A7C15L;
      }
      states[last] = before ^ before >>> 29 ^ hash;
    }
    return states;
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 5})
  void states_with_one_hash_are_different_states(int words) {
    long[] states = colliding(words);
    for (int state = 1; state < STATES; state++) {
      assertThat(Region.hash(states, state * words, words))
          .isEqualTo(Region.hash(states, 0, words));
    }
    assertKept(Region.of(words), states, words);
  }

  @Test
  void states_of_one_word_are_kept_in_the_order_in_which_they_came() {
    long[] states = new long[STATES];
    for (int state = 0; state < STATES; state++) {
      // The first word and the last that there can be are among them.
      states[state] = state == 1 ? Long.MAX_VALUE : 1_000_003L * state;
    }
    assertKept(Region.of(1), states, 1);
  }

  private static void assertKept(Region region, long[] states, int words) {
    region.insert(states, 0, states.length / 2 / words * words);
    region.insert(states, 0, states.length);
    region.insert(states, 0, states.length);
    assertThat(region.size).isEqualTo(STATES);
    for (int state = 0; state < STATES; state++) {
      for (int word = 0; word < words; word++) {
        assertThat(region.block(state)[region.offset(state) + word])
            .isEqualTo(states[state * words + word]);
      }
    }
  }
}
