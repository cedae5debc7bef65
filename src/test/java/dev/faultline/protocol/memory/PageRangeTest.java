package dev.faultline.protocol.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PageRangeTest {

  private static final long LIMIT = 1L << 52;

  private static GfnRange gfns(long start, long end) {
    return new GfnRange(start, end);
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, LIMIT, Long.MIN_VALUE, Long.MAX_VALUE})
  void a_frame_number_outside_52_bits_is_refused(long number) {
    assertThatThrownBy(() -> new PageIndex(number))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("frame number " + number + " is not in 0..2^52-1");
  }

  @ParameterizedTest
  @CsvSource({"5, 5", "6, 5", "-1, 5", "0, 4503599627370497", "0, -9223372036854775808"})
  void a_range_that_is_empty_or_outside_is_refused(long start, long end) {
    for (Runnable made :
        List.<Runnable>of(
            () -> new GfnRange(start, end),
            () -> new IndexRange(start, end),
            () -> new PfnRange(start, end))) {
      assertThatThrownBy(made::run)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "frames %d to %d are no range: 0 <= start < end <= 2^52 has to hold", start, end);
    }
  }

  @Test
  void numbers_are_in_the_order_of_their_pages() {
    assertThat(Stream.of(new PageIndex(10), new PageIndex(9)).sorted())
        .containsExactly(new PageIndex(9), new PageIndex(10));
    assertThat(new PageIndex(3)).isLessThan(new PageIndex(4));
  }

  @Test
  void a_range_knows_its_first_page_and_how_many_there_are() {
    assertThat(IndexRange.of(new PageIndex(0), 1)).isEqualTo(new IndexRange(0, 1));
    assertThat(new IndexRange(7, 9).first()).isEqualTo(new PageIndex(7));
    assertThat(gfns(512, 768).pageCount()).isEqualTo(256);
  }

  @Test
  void the_text_is_the_first_and_the_last_page() {
    assertThat(gfns(512, 768)).hasToString("512..767");
    assertThat(new IndexRange(512, 513)).hasToString("512");
    assertThat(new PfnRange(0, 2)).hasToString("0..1");
    assertThat(new PageIndex(512)).hasToString("512");
  }

  @ParameterizedTest
  @CsvSource({
    // another range, contains, overlaps, the pages of both, hull
    "10, 20, true, true, 10..19, 10..19",
    "12, 13, true, true, 12, 10..19",
    "9, 20, false, true, 10..19, 9..19",
    "19, 21, false, true, 19, 10..20",
    "20, 21, false, false, , 10..20",
    "0, 10, false, false, , 0..19",
    "30, 40, false, false, , 10..39",
  })
  void ten_to_nineteen_and_another_range(
      long start, long end, boolean contains, boolean overlaps, String both, String hull) {
    GfnRange range = gfns(10, 20);
    GfnRange other = gfns(start, end);
    assertThat(range.contains(other)).isEqualTo(contains);
    assertThat(range.overlaps(other)).isEqualTo(overlaps);
    assertThat(other.overlaps(range)).isEqualTo(overlaps);
    assertThat(range.intersect(other).map(GfnRange::toString)).isEqualTo(Optional.ofNullable(both));
    assertThat(range.hull(other)).hasToString(hull);
    assertThat(other.hull(range)).hasToString(hull);
  }

  @Test
  void the_page_behind_the_last_is_not_in_a_range() {
    GfnRange range = gfns(10, 20);
    assertThat(Stream.of(9L, 10L, 19L, 20L).map(range::contains))
        .containsExactly(false, true, true, false);
  }
}
