package dev.faultline.explore;

import java.util.Arrays;

/**
 * All states seen, level by level: the states of a level stand behind one another in each region's
 * log. Nothing else is kept of a state; who leads to it is found by expanding a level again.
 */
final class Store {

  /** Into so many regions the states are divided. */
  static final int REGIONS = 1 << 8;

  final int words;
  final Region[] regions = new Region[REGIONS];
  // Where each level begins in each region, level by level.
  private int[][] starts = new int[0][];

  Store(int words) {
    this.words = words;
    Arrays.setAll(regions, _ -> Region.of(words));
  }

  /** Which region a state belongs to. */
  static int region(long[] states, int at, int words) {
    return (int) (Region.hash(states, at, words) >>> 56);
  }

  /** What comes from now on is the next level. */
  void beginLevel() {
    int[] begin = new int[REGIONS];
    for (int region = 0; region < REGIONS; region++) {
      begin[region] = regions[region].size;
    }
    starts = Arrays.copyOf(starts, starts.length + 1);
    starts[starts.length - 1] = begin;
  }

  /** How many levels have begun. */
  int levels() {
    return starts.length;
  }

  /** Where a level begins in a region. */
  int start(int level, int region) {
    return starts[level][region];
  }

  /** Where a level ends in a region. */
  int end(int level, int region) {
    return level + 1 < starts.length ? starts[level + 1][region] : regions[region].size;
  }

  long size(int level) {
    long size = 0;
    for (int region = 0; region < REGIONS; region++) {
      size += end(level, region) - start(level, region);
    }
    return size;
  }

  long size() {
    long size = 0;
    for (Region region : regions) {
      size += region.size;
    }
    return size;
  }

  long bytes() {
    long bytes = 0;
    for (Region region : regions) {
      bytes += region.bytes();
    }
    return bytes + 4L * REGIONS * starts.length;
  }

  /** Takes one state. */
  void insert(long[] state) {
    regions[region(state, 0, words)].insert(state, 0, words);
  }

  /** The same states, written as they are now. */
  Store rewritten(Space space, Space.Layout before) {
    Store store = new Store(space.words());
    long[] state = new long[space.words()];
    for (int level = 0; level < levels(); level++) {
      store.beginLevel();
      for (int region = 0; region < REGIONS; region++) {
        for (int index = start(level, region); index < end(level, region); index++) {
          space.rewrite(before, regions[region].block(index), regions[region].offset(index), state);
          store.insert(state);
        }
      }
    }
    return store;
  }
}
