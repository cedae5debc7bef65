package dev.faultline.explore;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntPredicate;

/**
 * Finds short loops on which every group gets its due, in parts of a graph where there are some.
 *
 * <p>A loop begins as the shortest one; for as long as it denies a group its due, it has to go by
 * where that group moves or cannot. The shortest of all such loops is not looked for: that would be
 * a travelling salesman.
 */
final class Loops {

  private final Pending graph;
  private final Groups groups;
  private final int[] part;
  // Of one way looked for: when a state was reached, by which edge, from where, with what changes.
  private final int[] reached;
  private final int[] by;
  private final int[] before;
  private final int[] switches;
  private int looked;
  private long work;

  Loops(Pending graph, Groups groups, int[] part) {
    this.graph = graph;
    this.groups = groups;
    this.part = part;
    this.reached = new int[graph.size()];
    this.by = new int[graph.size()];
    this.before = new int[graph.size()];
    this.switches = new int[graph.size()];
  }

  /** How many edges were looked at so far. */
  long work() {
    return work;
  }

  /**
   * A fair loop through a state.
   *
   * @param limit its length has to be below
   * @return its edges, in order
   */
  Optional<List<Integer>> through(int anchor, int limit) {
    BitSet wanted = new BitSet();
    while (true) {
      Optional<List<Integer>> loop = round(anchor, wanted, limit);
      if (loop.isEmpty()) {
        return loop;
      }
      BitSet denied = denied(anchor, loop.get());
      if (denied.isEmpty()) {
        return loop;
      }
      if (wanted.intersects(denied)) {
        throw new IllegalStateException("a loop leaves out what it has to go by: " + denied);
      }
      wanted.or(denied);
    }
  }

  /** The groups that a loop denies their due. */
  private BitSet denied(int anchor, List<Integer> loop) {
    BitSet always = new BitSet();
    always.set(0, groups.all().size());
    BitSet sometimes = new BitSet();
    BitSet taken = new BitSet();
    int at = anchor;
    for (int edge : loop) {
      always.and(graph.enabled(at));
      sometimes.or(graph.enabled(at));
      taken.or(graph.kind(edge).groups());
      at = graph.target(edge);
    }
    sometimes.and(groups.strong());
    always.or(sometimes);
    always.andNot(taken);
    return always;
  }

  /** A loop that goes by the nearest of what is wanted, and so on, and back. */
  private Optional<List<Integer>> round(int anchor, BitSet wanted, int limit) {
    BitSet open = (BitSet) wanted.clone();
    open.andNot(met(anchor, open));
    List<Integer> loop = new ArrayList<>();
    int at = anchor;
    while (!open.isEmpty()) {
      Optional<List<Integer>> on =
          way(at, last(loop), limit - loop.size(), edge -> meets(edge, open));
      if (on.isEmpty()) {
        return on;
      }
      for (int edge : on.get()) {
        open.andNot(graph.kind(edge).groups());
        at = graph.target(edge);
        open.andNot(met(at, open));
      }
      loop.addAll(on.get());
    }
    if (loop.isEmpty() || at != anchor) {
      Optional<List<Integer>> back =
          way(at, last(loop), limit - loop.size(), edge -> graph.target(edge) == anchor);
      if (back.isEmpty()) {
        return back;
      }
      loop.addAll(back.get());
    }
    return Optional.of(loop);
  }

  private OptionalInt last(List<Integer> loop) {
    return loop.isEmpty()
        ? OptionalInt.empty()
        : OptionalInt.of(graph.kind(loop.getLast()).party());
  }

  /** Of some groups those that get their due by a state: weak ones that cannot move in it. */
  private BitSet met(int node, BitSet of) {
    BitSet met = (BitSet) of.clone();
    met.andNot(graph.enabled(node));
    met.andNot(groups.strong());
    return met;
  }

  private boolean meets(int edge, BitSet open) {
    return graph.kind(edge).groups().intersects(open) || !met(graph.target(edge), open).isEmpty();
  }

  /**
   * The shortest way within a part to an edge, and with it; of those, one with few changes from one
   * party to another.
   *
   * @param last the party that moved before, if one did
   * @param limit its length has to be below
   */
  private Optional<List<Integer>> way(int from, OptionalInt last, int limit, IntPredicate end) {
    looked++;
    int beyond = looked;
    List<Integer> level = List.of(from);
    int length = 1;
    int best = -1;
    int bestFrom = -1;
    int bestSwitches = Integer.MAX_VALUE;
    while (!level.isEmpty() && length < limit && best < 0) {
      List<Integer> next = new ArrayList<>();
      looked++;
      for (int node : level) {
        for (int edge = graph.firstEdge(node); edge < graph.firstEdge(node + 1); edge++) {
          int target = graph.target(edge);
          if (part[target] != part[from]) {
            continue;
          }
          work++;
          int party = graph.kind(edge).party();
          boolean goesOn =
              length == 1
                  ? last.isEmpty() || last.getAsInt() == party
                  : graph.kind(by[node]).party() == party;
          int cost = (length == 1 ? 0 : switches[node]) + (goesOn ? 0 : 1);
          if (end.test(edge) && cost < bestSwitches) {
            best = edge;
            bestFrom = node;
            bestSwitches = cost;
          }
          boolean isNew = reached[target] < beyond && target != from;
          if (isNew || reached[target] == looked && cost < switches[target]) {
            if (isNew) {
              next.add(target);
            }
            reached[target] = looked;
            by[target] = edge;
            before[target] = node;
            switches[target] = cost;
          }
        }
      }
      level = next;
      length++;
    }
    if (best < 0) {
      return Optional.empty();
    }
    List<Integer> way = new ArrayList<>(List.of(best));
    for (int node = bestFrom; node != from; node = before[node]) {
      way.addFirst(by[node]);
    }
    return Optional.of(way);
  }
}
