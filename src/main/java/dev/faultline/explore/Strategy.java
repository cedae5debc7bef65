package dev.faultline.explore;

/** How a sample of walks picks among what can be done. */
public sealed interface Strategy {

  /** The word of the command line. */
  String word();

  /** What can be done now is equally likely, but for what is seldom ({@link Actor#isSeldom}). */
  record Random() implements Strategy {
    @Override
    public String word() {
      return "random";
    }
  }

  /**
   * Probabilistic concurrency testing (Burckhardt, Kothari, Musuvathi, Nagarakatte: A Randomized
   * Scheduler with Probabilistic Guarantees of Finding Bugs, ASPLOS 2010): threads have random
   * priorities, the highest that can move does, and at depth - 1 random steps the thread that was
   * to move falls below all others.
   *
   * @param depth how many orderings between threads a bug may need; 1 or more
   */
  record Pct(int depth) implements Strategy {
    public Pct {
      if (depth < 1) {
        throw new IllegalArgumentException("a bug needs at least 1 ordering, not " + depth);
      }
    }

    @Override
    public String word() {
      return "pct";
    }
  }

  /**
   * Many small random configurations (Groce, Zhang, Eide, Chen, Regehr: Swarm Testing, ISSTA 2012):
   * each walk leaves some threads and some ways to act out, slows others down, and goes at random
   * or by priorities.
   */
  record Swarm() implements Strategy {
    @Override
    public String word() {
      return "swarm";
    }
  }
}
