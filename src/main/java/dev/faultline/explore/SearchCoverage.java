package dev.faultline.explore;

import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/**
 * What a search has seen, counted when it is over: one more way through its states, on which hardly
 * anything is decided. So a search that is not asked for it pays nothing.
 */
final class SearchCoverage {

  private final Search search;
  private final Aspects aspects;
  private final Coverage.Tally tally = new Coverage.Tally();
  // For each place of the memo's tree where an answer stands: how often, whose, a state for it.
  private long[] counts = new long[1 << 10];
  private int[] actorAt = new int[1 << 10];
  private long[] stateAt = new long[1 << 10];

  private SearchCoverage(Search search, Aspects aspects) {
    this.search = search;
    this.aspects = aspects;
  }

  /**
   * Counts all that can be done in the states that were kept, also what a reduction left out. The
   * states of the last level were seen and not expanded: what can be done there does not count. Of
   * the level at which a search was cut short, all states count.
   *
   * @param promises the search's first questions
   * @param goals its next ones
   */
  static Coverage of(Search search, Aspects aspects, List<Promise> promises, List<Goal> goals) {
    SearchCoverage coverage = new SearchCoverage(search, aspects);
    for (int number = 0; number < promises.size(); number++) {
      coverage.countAnswers(number, promises.get(number));
    }
    for (int number = 0; number < goals.size(); number++) {
      coverage.countAnswers(promises.size() + number, goals.get(number));
    }
    coverage.countSteps();
    return coverage.tally.against(Coverage.all(aspects, promises, goals));
  }

  private void countAnswers(int number, Promise promise) {
    TreeMap<String, Long> broken = new TreeMap<>();
    for (int level = 0; level <= search.level(); level++) {
      for (Search.Seen seen : search.ask(number, level)) {
        broken.merge(((Promise.Violation) seen.answer()).property(), 1L, Long::sum);
      }
    }
    broken.forEach(
        (property, states) ->
            tally.add(new Coverage.Aspect(Coverage.Kind.BROKEN, property), states));
    for (String property : promise.properties()) {
      tally.add(new Coverage.Aspect(Coverage.Kind.CHECKED, property), search.store().size());
    }
  }

  private void countAnswers(int number, Goal goal) {
    for (int level = 0; level <= search.level(); level++) {
      int seen = search.ask(number, level).size();
      tally.add(new Coverage.Aspect(Coverage.Kind.GOAL, goal.name()), seen);
    }
  }

  /** Counts how often each answer of an actor stands in a state, then looks at one such state. */
  private void countSteps() {
    int[] roots = search.roots();
    Store store = search.store();
    for (int level = 0; level < search.level(); level++) {
      for (int region = 0; region < Store.REGIONS; region++) {
        for (int index = store.start(level, region); index < store.end(level, region); index++) {
          for (int actor = 0; actor < roots.length; actor++) {
            countStep(actor, roots[actor], region, index);
          }
        }
      }
    }
    for (int leaf = 0; leaf < counts.length; leaf++) {
      if (counts[leaf] > 0) {
        countSteps(search.actors().get(actorAt[leaf]), state(stateAt[leaf]), counts[leaf]);
      }
    }
  }

  private void countStep(int actor, int root, int region, int index) {
    long[] states = search.store().regions[region].block(index);
    int at = search.store().regions[region].offset(index);
    Memo memo = search.memo();
    if (memo.walk(root, states, at) < 0) {
      // It was known, and forgotten when states were written otherwise.
      search.learn(actor, states, at);
    }
    if (memo.walk(root, states, at) < 0) {
      countSteps(search.actors().get(actor), state((long) region << 32 | index), 1);
      return;
    }
    int leaf = memo.leaf(root, states, at);
    if (leaf >= counts.length) {
      int longer = Math.max(leaf + 1, 2 * counts.length);
      counts = Arrays.copyOf(counts, longer);
      actorAt = Arrays.copyOf(actorAt, longer);
      stateAt = Arrays.copyOf(stateAt, longer);
    }
    if (counts[leaf]++ == 0) {
      actorAt[leaf] = actor;
      stateAt[leaf] = (long) region << 32 | index;
    }
  }

  private long[] state(long place) {
    Region region = search.store().regions[(int) (place >>> 32)];
    int index = (int) place;
    int at = region.offset(index);
    return Arrays.copyOfRange(region.block(index), at, at + search.store().words);
  }

  private void countSteps(Actor actor, long[] state, long times) {
    Sight before = search.sight(state);
    Outcomes.Recorded recorded = new Outcomes.Recorded();
    actor.act(before, recorded);
    for (Outcomes.Recorded.Move move : recorded.moves) {
      aspects.of(before, move.label()).forEach(aspect -> tally.add(aspect, times));
    }
  }
}
