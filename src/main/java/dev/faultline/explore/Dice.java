package dev.faultline.explore;

/**
 * Chance as a pure function: what is rolled depends on the seed and on what it is rolled for, not
 * on what was rolled before.
 */
record Dice(long seed) {

  /** Dice for one of several things. */
  Dice of(long number) {
    return new Dice(mix(mix(seed) + number));
  }

  /** Dice for a thing with a name. */
  Dice of(String name) {
    long hash = 0xcbf29ce484222325L;
    for (int index = 0; index < name.length(); index++) {
      hash = (hash ^ name.charAt(index)) * 0x100000001b3L;
    }
    return of(hash);
  }

  /** A number from 0 to one below a bound. */
  int below(int bound) {
    return (int) Long.remainderUnsigned(mix(seed), bound);
  }

  /** A number of 64 bits. */
  long bits() {
    return mix(seed);
  }

  /** The finalizer of SplitMix64 (Steele, Lea, Flood 2014). */
  private static long mix(long value) {
    long mixed = value + 0x9e3779b97f4a7c15L;
    mixed = (mixed ^ (mixed >>> 30)) * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
    return mixed ^ (mixed >>> 31);
  }
}
