package dev.faultline.explore;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Where a search that saw all can go round: the states from which a way leads back to them.
 *
 * <p>Only moves are followed that can be part of a way round at all ({@link Recurring}). Every
 * state is expanded once more by those who make them, and the moves are kept as numbers, by the
 * state that they lead to. Then states are taken away that lead only to such as are taken away
 * already; what is left is divided into its strongly connected parts.
 */
final class Circles {

  private final Search search;
  private final Store store;
  // States are numbered region by region, from 0.
  private final int[] base = new int[Store.REGIONS + 1];
  // By state: how many moves lead on from it; and where the moves begin that lead to it.
  private final int[] onward;
  private final int[] first;
  private int[] sources = new int[0];
  private final BitSet round = new BitSet();
  private final int[] roots;
  private final long[] among;

  private Circles(Search search, Set<List<Outcomes.Written>> recurring) {
    this.search = search;
    this.among = search.outcomes().among(recurring);
    this.roots = search.rootsOf(recurring);
    this.store = search.store();
    for (int region = 0; region < Store.REGIONS; region++) {
      base[region + 1] = base[region] + store.regions[region].size;
    }
    this.onward = new int[base[Store.REGIONS]];
    this.first = new int[base[Store.REGIONS] + 1];
  }

  /**
   * Finds them.
   *
   * @param search at its end: no state is left unexpanded
   * @param recurring the moves that can be part of a way round
   * @param bytes that this may take
   * @param enough asked now and then, whether to stop
   */
  static Circles of(
      Search search, Set<List<Outcomes.Written>> recurring, long bytes, BooleanSupplier enough)
      throws Pending.Unfinished {
    long states = search.store().size();
    long moves = search.transitions();
    if (12 * (moves + 2 * states) > bytes || Math.max(moves, states) > Integer.MAX_VALUE - 8) {
      throw new Pending.Unfinished();
    }
    Circles circles = new Circles(search, recurring);
    circles.collect(enough);
    circles.takeAway();
    circles.divide();
    circles.sources = new int[0];
    return circles;
  }

  // Moves.

  /** The moves to the states of one region, in the order in which they are found. */
  private static final class Arrivals {
    private int[] targets = new int[64];
    private int[] sources = new int[64];
    private int count;

    void add(int target, int source) {
      if (count == targets.length) {
        targets = Arrays.copyOf(targets, count + (count >> 1));
        sources = Arrays.copyOf(sources, targets.length);
      }
      targets[count] = target;
      sources[count++] = source;
    }
  }

  /** Moves on their way to the regions of the states that they lead to. */
  private final class Departures implements Expansion.Led {
    private final Buffers buffers = new Buffers();
    private final int[][] sources = new int[Store.REGIONS][64];
    private final int[] counts = new int[Store.REGIONS];
    private final List<Long> missed = new ArrayList<>();
    private int source;

    @Override
    public void to(long[] next) {
      int region = Store.region(next, 0, store.words);
      buffers.add(region, next, store.words);
      if (counts[region] == sources[region].length) {
        sources[region] = Arrays.copyOf(sources[region], 2 * counts[region]);
      }
      sources[region][counts[region]++] = source;
    }

    private void expand(Expansion expansion, Expansion.Rules rules, int number, int index) {
      Region region = store.regions[number];
      source = base[number] + index;
      if (!expansion.each(rules, among, region.block(index), region.offset(index), this)) {
        missed.add((long) number << 32 | index);
      }
    }

    private void arrive(int region, Arrivals at) {
      for (int move = 0; move < counts[region]; move++) {
        int target = store.regions[region].find(buffers.states[region], move * store.words);
        // A step that the search left out may lead to a state that it has not seen.
        if (target >= 0) {
          at.add(target, sources[region][move]);
        }
      }
      counts[region] = 0;
    }
  }

  private void collect(BooleanSupplier enough) throws Pending.Unfinished {
    List<Arrivals> arrivals = new ArrayList<>();
    for (int region = 0; region < Store.REGIONS; region++) {
      arrivals.add(new Arrivals());
    }
    search.eachRegion(region -> store.regions[region].beginFinding());
    List<Departures> departures = new ArrayList<>();
    for (int share = 0; share <= search.workers(); share++) {
      departures.add(new Departures());
    }
    int chunk = 64;
    for (int from = 0; from < onward.length; ) {
      int to = (int) Math.min(onward.length, (long) from + chunk);
      int missed = expand(from, to, departures);
      search.eachRegion(
          region -> departures.forEach(each -> each.arrive(region, arrivals.get(region))));
      departures.forEach(each -> each.buffers.clear());
      if (missed * 64 < to - from && chunk < search.largestChunk) {
        chunk *= 2;
      }
      from = to;
      if (enough.getAsBoolean()) {
        throw new Pending.Unfinished();
      }
    }
    search.eachRegion(region -> store.regions[region].endFinding());
    sort(arrivals);
  }

  /**
   * Expands some states.
   *
   * @return of how many not all was known any more, since more slots are known by now
   */
  private int expand(int from, int to, List<Departures> departures) {
    Expansion.Rules rules = rules();
    search.eachShare(
        (share, shares, expansion) -> {
          int begin = from + (int) ((long) (to - from) * share / shares);
          int end = from + (int) ((long) (to - from) * (share + 1) / shares);
          int region = region(begin);
          for (int node = begin; node < end; node++) {
            while (node >= base[region + 1]) {
              region++;
            }
            departures.get(share).expand(expansion, rules, region, node - base[region]);
          }
        });
    int missed = 0;
    for (Departures each : departures) {
      missed += each.missed.size();
      for (long state : each.missed) {
        learn(departures.getLast(), (int) (state >>> 32), (int) state);
      }
      each.missed.clear();
    }
    return missed;
  }

  private void learn(Departures late, int region, int index) {
    search.learn(store.regions[region].block(index), store.regions[region].offset(index));
    if (search.space().isOutgrown()) {
      throw new IllegalStateException("a search that has not seen all is asked for loops");
    }
    late.expand(search.late(), rules(), region, index);
  }

  private Expansion.Rules rules() {
    return search.rules(roots);
  }

  /** Sorts the moves by the state that they lead to. */
  private void sort(List<Arrivals> arrivals) {
    int[] start = new int[Store.REGIONS + 1];
    for (int region = 0; region < Store.REGIONS; region++) {
      start[region + 1] = start[region] + arrivals.get(region).count;
    }
    sources = new int[start[Store.REGIONS]];
    first[onward.length] = sources.length;
    search.eachRegion(
        region -> {
          Arrivals moves = arrivals.get(region);
          int size = base[region + 1] - base[region];
          int[] next = new int[size + 1];
          for (int move = 0; move < moves.count; move++) {
            next[moves.targets[move] + 1]++;
          }
          next[0] = start[region];
          for (int index = 0; index < size; index++) {
            first[base[region] + index] = next[index];
            next[index + 1] += next[index];
          }
          for (int move = 0; move < moves.count; move++) {
            sources[next[moves.targets[move]]++] = moves.sources[move];
          }
          arrivals.set(region, new Arrivals());
        });
    for (int source : sources) {
      onward[source]++;
    }
  }

  // What is left when all is taken away that leads to an end only.

  private static final int AWAY = -1;

  private void takeAway() {
    int[] open = new int[onward.length];
    int count = 0;
    for (int node = 0; node < onward.length; node++) {
      if (onward[node] == 0) {
        open[count++] = node;
      }
    }
    while (count > 0) {
      int node = open[--count];
      onward[node] = AWAY;
      for (int move = first[node]; move < first[node + 1]; move++) {
        if (--onward[sources[move]] == 0) {
          open[count++] = sources[move];
        }
      }
    }
  }

  // Strongly connected parts, along moves backwards.

  private void divide() {
    int[] number = new int[onward.length];
    int count = 0;
    for (int node = 0; node < onward.length; node++) {
      number[node] = onward[node] == AWAY ? AWAY : count++;
    }
    int[] nodes = new int[count];
    int[] begins = new int[count + 1];
    int[] leading = new int[64];
    int edges = 0;
    for (int node = 0; node < onward.length; node++) {
      if (number[node] == AWAY) {
        continue;
      }
      nodes[number[node]] = node;
      begins[number[node]] = edges;
      for (int move = first[node]; move < first[node + 1]; move++) {
        if (sources[move] == node) {
          round.set(node);
        }
        // What leads to a state that is left is left too.
        if (edges == leading.length) {
          leading = Arrays.copyOf(leading, edges + (edges >> 1));
        }
        leading[edges++] = number[sources[move]];
      }
    }
    begins[count] = edges;
    int[] part = Components.of(begins, leading);
    Map<Integer, Integer> one = new HashMap<>();
    for (int node = 0; node < count; node++) {
      Integer other = one.putIfAbsent(part[node], node);
      if (other != null) {
        round.set(nodes[other]);
        round.set(nodes[node]);
      }
    }
  }

  // What was found.

  /** The states that lie on a way round. */
  void each(Consumer<long[]> each) {
    round.stream()
        .forEach(
            node -> {
              int region = region(node);
              each.accept(store.regions[region].state(node - base[region]));
            });
  }

  private int region(int node) {
    int found = Arrays.binarySearch(base, node);
    if (found < 0) {
      return -found - 2;
    }
    // Regions without a state begin where the next one does.
    while (found + 1 < base.length && base[found + 1] == node) {
      found++;
    }
    return found;
  }
}
