package dev.faultline.protocol.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RangeMapTest {

  private static final int PAGES = 40;
  private static final IndexRange ALL = new IndexRange(0, PAGES);

  private static RangeMap<IndexRange, String> empty() {
    return RangeMap.empty();
  }

  @Test
  void setting_5_to_10_and_clearing_7_to_12_leaves_5_and_6() {
    RangeMap<IndexRange, String> map =
        empty().with(new IndexRange(5, 10), "set").without(new IndexRange(7, 12));
    assertThat(map).isEqualTo(RangeMap.of(new IndexRange(5, 7), "set"));
    assertThat(map).hasToString("5..6=set");
  }

  @Test
  void equal_neighbours_are_one_run() {
    RangeMap<IndexRange, String> map =
        empty()
            .with(new IndexRange(0, 4), "a")
            .with(new IndexRange(8, 12), "a")
            .with(new IndexRange(4, 8), "a");
    assertThat(map.runCount()).isEqualTo(1);
    assertThat(map.isAll(new IndexRange(0, 12), "a")).isTrue();
    assertThat(map.isAll(new IndexRange(0, 13), "a")).isFalse();
  }

  @Test
  void a_petabyte_is_one_run() {
    IndexRange petabyte = new IndexRange(0, 1L << 38);
    RangeMap<IndexRange, String> map =
        RangeMap.of(petabyte, "private").with(new IndexRange(1 << 20, 1 << 21), "shared");
    assertThat(map.runs(petabyte)).hasSize(3);
    assertThat(map.get(1 << 20)).contains("shared");
    assertThat(map.update(petabyte, old -> Optional.of("x")).runCount()).isEqualTo(1);
  }

  /** Pages one by one, as slow as can be. */
  private static final class Naive {
    private final String[] pages = new String[PAGES];

    void set(IndexRange range, String value) {
      for (int page = (int) range.start(); page < range.end(); page++) {
        pages[page] = value;
      }
    }

    void mark(IndexRange range) {
      for (int page = (int) range.start(); page < range.end(); page++) {
        pages[page] =
            pages[page] == null ? "n" : pages[page].equals("b") ? null : pages[page] + "!";
      }
    }

    List<Run<IndexRange, String>> runs(IndexRange within) {
      List<Run<IndexRange, String>> runs = new ArrayList<>();
      int start = (int) within.start();
      for (int page = start; page < within.end(); page++) {
        boolean ends =
            page + 1 == within.end() || !java.util.Objects.equals(pages[page], pages[page + 1]);
        if (ends) {
          if (pages[page] != null) {
            runs.add(new Run<>(new IndexRange(start, page + 1), pages[page]));
          }
          start = page + 1;
        }
      }
      return runs;
    }
  }

  private static IndexRange range(Random random) {
    int start = random.nextInt(PAGES);
    return new IndexRange(start, start + 1 + random.nextInt(PAGES - start));
  }

  @Test
  void any_sequence_of_changes_gives_what_a_page_at_a_time_gives() {
    for (long seed = 0; seed < 2000; seed++) {
      Random random = new Random(seed);
      RangeMap<IndexRange, String> map = empty();
      Naive naive = new Naive();
      for (int change = 0; change < 25; change++) {
        IndexRange range = range(random);
        switch (random.nextInt(4)) {
          case 0, 1 -> {
            String value = List.of("a", "b", "c").get(random.nextInt(3));
            map = map.with(range, value);
            naive.set(range, value);
          }
          case 2 -> {
            map = map.without(range);
            naive.set(range, null);
          }
          default -> {
            map =
                map.update(
                    range,
                    old ->
                        old.isEmpty()
                            ? Optional.of("n")
                            : old.get().equals("b")
                                ? Optional.empty()
                                : Optional.of(old.get() + "!"));
            naive.mark(range);
          }
        }
        check(map, naive, range(random), seed);
      }
    }
  }

  private static void check(
      RangeMap<IndexRange, String> map, Naive naive, IndexRange within, long seed) {
    assertThat(map.runs(within)).as("seed %d", seed).isEqualTo(naive.runs(within));
    assertThat(map.runCount()).isEqualTo(naive.runs(ALL).size());
    assertThat(map.isEmpty()).isEqualTo(naive.runs(ALL).isEmpty());
    RangeMap<IndexRange, String> again = RangeMap.empty();
    List<Run<IndexRange, String>> runs = new ArrayList<>(naive.runs(ALL));
    java.util.Collections.reverse(runs);
    for (Run<IndexRange, String> run : runs) {
      again = again.with(run.range(), run.value());
    }
    // One content, one form: however it came about.
    assertThat(map).isEqualTo(again).hasSameHashCodeAs(again).hasToString(again.toString());
    long gaps = map.gaps(within).stream().mapToLong(IndexRange::pageCount).sum();
    long covered = map.runs(within).stream().mapToLong(run -> run.range().pageCount()).sum();
    assertThat(gaps + covered).isEqualTo(within.pageCount());
    for (long page = within.start(); page < within.end(); page++) {
      assertThat(map.get(page)).isEqualTo(Optional.ofNullable(naive.pages[(int) page]));
    }
    for (Run<IndexRange, String> run : naive.runs(within)) {
      assertThat(map.isAll(run.range(), run.value())).isTrue();
      assertThat(map.first(within, run.value()::equals)).isPresent();
    }
  }
}
