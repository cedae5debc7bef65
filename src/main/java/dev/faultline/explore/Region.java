package dev.faultline.explore;

import java.util.Arrays;

/**
 * A share of the states seen, by their hash: a log of them in the order in which they came, and an
 * exact table to find them in. States are compared whole; no hash stands for one.
 */
abstract sealed class Region {

  /** States in a block of the log. */
  static final int BLOCK = 1 << 7;

  final int words;
  long[][] log = new long[0][];
  int size;

  private Region(int words) {
    this.words = words;
  }

  static Region of(int words) {
    return words == 1 ? new OfWords() : new OfMore(words);
  }

  /** Keeps the states of a buffer that were not seen yet, in its order. */
  abstract void insert(long[] states, int from, int to);

  /**
   * The place of a state in the log, or -1 if it is not there; only between the beginning and the
   * end of finding.
   */
  abstract int find(long[] states, int at);

  /** Makes ready to find states, until more are kept. */
  void beginFinding() {}

  /** Frees what finding took. */
  void endFinding() {}

  /** A copy of a state. */
  long[] state(int index) {
    return Arrays.copyOfRange(block(index), offset(index), offset(index) + words);
  }

  /** Bytes that the region takes. */
  abstract long bytes();

  long logBytes() {
    return 8L * BLOCK * words * log.length;
  }

  /** The block of the log that a state stands in. */
  long[] block(int state) {
    return log[state / BLOCK];
  }

  /** Where in its block a state begins. */
  int offset(int state) {
    return state % BLOCK * words;
  }

  final long[] room() {
    int block = size / BLOCK;
    if (block == log.length) {
      log = Arrays.copyOf(log, block + 1);
      log[block] = new long[BLOCK * words];
    }
    return log[block];
  }

  /** The hash of a state of one word. */
  static long hash(long state) {
    long hash = state * 0x9E3779B97F4A7C15L;
    hash ^= hash >>> 32;
    return hash * 0xD6E8FEB86659FD93L;
  }

  static long hash(long[] states, int at, int words) {
    long hash = states[at] * 0x9E3779B97F4A7C15L;
    for (int word = 1; word < words; word++) {
      hash = (hash ^ hash >>> 29 ^ states[at + word]) * 0x9E3779B97F4A7C15L;
    }
    hash ^= hash >>> 32;
    return hash * 0xD6E8FEB86659FD93L;
  }

  /** Where in a table of a size a hash belongs; the top bits have chosen the region. */
  static int slot(long hash, int size) {
    return (int) ((hash << 8 >>> 32) * size >>> 32);
  }

  static int larger(int size) {
    return size + (size >> 1);
  }

  /** States of one word, which the table holds itself. */
  private static final class OfWords extends Region {
    private long[] table = new long[64];
    // Where in the log the states of the table stand, while states are to be found.
    private int[] places = new int[0];

    private OfWords() {
      super(1);
    }

    @Override
    void beginFinding() {
      places = new int[table.length];
      for (int state = 0; state < size; state++) {
        places[place(block(state)[offset(state)])] = state;
      }
    }

    @Override
    void endFinding() {
      places = new int[0];
    }

    private int place(long state) {
      int slot = slot(hash(state), table.length);
      while (table[slot] != ~state) {
        if (table[slot] == 0) {
          return -1;
        }
        slot = slot + 1 == table.length ? 0 : slot + 1;
      }
      return slot;
    }

    @Override
    int find(long[] states, int at) {
      int place = place(states[at]);
      return place < 0 ? -1 : places[place];
    }

    @Override
    void insert(long[] states, int from, int to) {
      long[] known = table;
      for (int at = from; at < to; at++) {
        long key = ~states[at];
        int slot = slot(hash(states[at]), known.length);
        long there = known[slot];
        while (there != 0 && there != key) {
          slot = slot + 1 == known.length ? 0 : slot + 1;
          there = known[slot];
        }
        if (there == 0) {
          known[slot] = key;
          room()[offset(size)] = states[at];
          size++;
          if (size > known.length - (known.length >> 2)) {
            grow();
            known = table;
          }
        }
      }
    }

    private void grow() {
      long[] wider = new long[larger(table.length)];
      for (int state = 0; state < size; state++) {
        int slot = slot(hash(block(state)[offset(state)]), wider.length);
        while (wider[slot] != 0) {
          slot = slot + 1 == wider.length ? 0 : slot + 1;
        }
        wider[slot] = ~block(state)[offset(state)];
      }
      table = wider;
    }

    @Override
    long bytes() {
      return logBytes() + 8L * table.length;
    }
  }

  /** States of several words, which the table finds in the log. */
  private static final class OfMore extends Region {
    /** So many states a region can number; the rest of an entry is a part of the hash. */
    private static final int INDEX_BITS = 22;

    private static final int INDEX = (1 << INDEX_BITS) - 1;
    // index + 1 of the state, and above it bits of its hash; 0 is free
    private int[] table = new int[64];

    private OfMore(int words) {
      super(words);
    }

    private static int tag(long hash) {
      return (int) hash << INDEX_BITS;
    }

    @Override
    void insert(long[] states, int from, int to) {
      for (int at = from; at < to; at += words) {
        long hash = hash(states, at, words);
        int slot = slot(hash, table.length);
        int there = table[slot];
        while (there != 0 && !isAt(there, hash, states, at)) {
          slot = slot + 1 == table.length ? 0 : slot + 1;
          there = table[slot];
        }
        if (there == 0) {
          add(states, at, hash, slot);
        }
      }
    }

    @Override
    int find(long[] states, int at) {
      long hash = hash(states, at, words);
      int slot = slot(hash, table.length);
      while (table[slot] != 0 && !isAt(table[slot], hash, states, at)) {
        slot = slot + 1 == table.length ? 0 : slot + 1;
      }
      return (table[slot] & INDEX) - 1;
    }

    private boolean isAt(int entry, long hash, long[] states, int at) {
      if ((entry & ~INDEX) != tag(hash)) {
        return false;
      }
      int state = (entry & INDEX) - 1;
      long[] block = block(state);
      int offset = offset(state);
      for (int word = 0; word < words; word++) {
        if (block[offset + word] != states[at + word]) {
          return false;
        }
      }
      return true;
    }

    private void add(long[] states, int at, long hash, int slot) {
      System.arraycopy(states, at, room(), offset(size), words);
      size++;
      if (size > INDEX - 1) {
        throw new IllegalStateException("more states than a region can number");
      }
      table[slot] = tag(hash) | size;
      if (size > table.length - (table.length >> 2)) {
        grow();
      }
    }

    private void grow() {
      int[] wider = new int[larger(table.length)];
      for (int state = 0; state < size; state++) {
        long hash = hash(block(state), offset(state), words);
        int slot = slot(hash, wider.length);
        while (wider[slot] != 0) {
          slot = slot + 1 == wider.length ? 0 : slot + 1;
        }
        wider[slot] = tag(hash) | state + 1;
      }
      table = wider;
    }

    @Override
    long bytes() {
      return logBytes() + 4L * table.length;
    }
  }
}
