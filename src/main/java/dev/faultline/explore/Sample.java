package dev.faultline.explore;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * A sample of walks in figures. Which steps each walk takes is a pure function of the model, the
 * strategy, the seed and the bound on steps; how far the sample gets may depend on time.
 *
 * @param verdict what was found; {@link Verdict.Sampled} if nothing was
 * @param strategy by which steps were picked
 * @param seed of all walks
 * @param foundIn the walk that found something, from 0; its trace is the one found, and seldom the
 *     shortest
 * @param properties what was checked after every step
 * @param walks that were begun
 * @param steps of all walks together
 * @param longest steps of the longest walk
 * @param expected steps that a walk was expected to take: among them lie the changes of priorities
 * @param states distinct ones on these walks; so many at least, if {@code exact} says no
 * @param exact whether all distinct states were counted
 * @param threads on whose behalf something was done
 * @param ends walks that ended where nobody can move
 * @param cut walks that were still going on at the bound on steps
 * @param decisions how often a decision of the model was worked out
 * @param seconds it took
 * @param admitted properties that broke and were said to: the first walk's way there
 * @param seen what had to be seen: the first walk's way there
 * @param missing what had to be seen, and was not
 * @param endings the ways in which walks ended, in how many walks
 * @param coverage what was seen of the design, if that was asked
 */
public record Sample(
    Verdict verdict,
    Strategy strategy,
    long seed,
    Optional<Long> foundIn,
    List<String> properties,
    long walks,
    long steps,
    long longest,
    long expected,
    long states,
    boolean exact,
    int threads,
    long ends,
    long cut,
    long decisions,
    double seconds,
    SortedMap<String, Report.Witness> admitted,
    SortedMap<String, Report.Witness> seen,
    List<String> missing,
    List<Ending> endings,
    Optional<Coverage> coverage) {

  /**
   * A way in which walks ended.
   *
   * @param what as the question for it says
   * @param trace the first walk that ended so
   */
  public record Ending(Object what, long walks, Trace trace) {}

  /** What the strategy promises of one walk, if it does. */
  public Optional<PctBound> bound() {
    return strategy instanceof Strategy.Pct(int depth) && threads > 0 && expected > 0
        ? Optional.of(new PctBound(threads, expected, depth))
        : Optional.empty();
  }

  /** The walks that went by the strategy; the first ones only told how long a walk is. */
  public long walksByStrategy() {
    return strategy instanceof Strategy.Random ? walks : Math.max(0, walks - Sampler.PILOTS);
  }
}
