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
    int expected = (int) Math.min(size() / REGIONS + size() / (8 * REGIONS), Integer.MAX_VALUE / 2);
    for (Region region : store.regions) {
      region.expect(expected);
    }
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

  void write(Checkpoint.Writer to) {
    to.number(levels());
    for (int level = 0; level < levels(); level++) {
      for (int region = 0; region < REGIONS; region++) {
        to.number(end(level, region) - start(level, region));
      }
    }
    for (Region region : regions) {
      for (int done = 0; done < region.size; done += Region.BLOCK) {
        int count = Math.min(Region.BLOCK, region.size - done);
        to.longs(region.block(done), 0, count * words);
      }
    }
  }

  /** Reads what was written of states that were written so. */
  static Store read(Checkpoint.Reader from, int words) {
    Store store = new Store(words);
    int levels = (int) from.number();
    store.starts = new int[levels][REGIONS];
    int[] ends = new int[REGIONS];
    for (int[] starts : store.starts) {
      for (int region = 0; region < REGIONS; region++) {
        starts[region] = ends[region];
        ends[region] += (int) from.number();
      }
    }
    long[] block = new long[Region.BLOCK * words];
    for (int region = 0; region < REGIONS; region++) {
      for (int done = 0; done < ends[region]; done += Region.BLOCK) {
        int count = Math.min(Region.BLOCK, ends[region] - done);
        from.longs(block, 0, count * words);
        store.regions[region].insert(block, 0, count * words);
      }
      if (store.regions[region].size != ends[region]) {
        throw new IllegalStateException("a state is there twice");
      }
    }
    return store;
  }
}
