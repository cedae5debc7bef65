package dev.faultline.protocol.memory;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RangeSetTest {

  private static GfnRange range(long start, long end) {
    return new GfnRange(start, end);
  }

  @Test
  void ranges_that_touch_become_one() {
    RangeSet<GfnRange> set = RangeSet.of(range(0, 4)).with(range(8, 12)).with(range(4, 8));
    assertThat(set)
        .isEqualTo(RangeSet.of(range(0, 12)))
        .hasSameHashCodeAs(RangeSet.of(range(0, 12)));
    assertThat(set).hasToString("0..11");
    assertThat(set.pageCount()).isEqualTo(12);
  }

  @Test
  void what_is_taken_out_is_a_gap() {
    RangeSet<GfnRange> set = RangeSet.of(range(5, 10)).without(range(7, 8)).without(range(9, 12));
    assertThat(set).hasToString("5..6 8");
    assertThat(set.ranges(range(6, 100))).containsExactly(range(6, 7), range(8, 9));
    assertThat(set.gaps(range(6, 100))).containsExactly(range(7, 8), range(9, 100));
    assertThat(set.contains(6)).isTrue();
    assertThat(set.contains(7)).isFalse();
    assertThat(set.containsAll(range(5, 7))).isTrue();
    assertThat(set.containsAll(range(5, 8))).isFalse();
    assertThat(set.overlaps(range(6, 8))).isTrue();
    assertThat(set.overlaps(range(7, 8))).isFalse();
    assertThat(set.pageCount()).isEqualTo(3);
  }

  @Test
  void the_empty_set_holds_nothing() {
    RangeSet<GfnRange> empty = RangeSet.empty();
    assertThat(empty.isEmpty()).isTrue();
    assertThat(empty.pageCount()).isZero();
    assertThat(empty.overlaps(GfnRange.ALL)).isFalse();
    assertThat(empty).isEqualTo(RangeSet.of(range(3, 5)).without(GfnRange.ALL)).hasToString("");
    assertThat(RangeSet.of(GfnRange.ALL).pageCount()).isEqualTo(1L << 52);
  }

  @Test
  void what_changes_nothing_gives_the_same_set() {
    RangeSet<GfnRange> set = RangeSet.of(range(5, 10));
    assertThat(set.with(range(6, 10))).isSameAs(set);
    assertThat(set.without(range(10, 11))).isSameAs(set);
    assertThat(set).isNotEqualTo(RangeSet.of(range(5, 11)));
  }
}
