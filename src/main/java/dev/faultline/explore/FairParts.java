package dev.faultline.explore;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;

/**
 * Which states of a graph lie in parts that a fair run can stay in for ever, and come by every
 * state of it again and again.
 *
 * <p>A part is strongly connected. If it denies a weak group its due, so does every part of it, and
 * it is dropped. If it denies a strong group its due, a fair run in it leaves out the states in
 * which that group can move: what is left is divided again.
 */
final class FairParts {

  private static final int NONE = -1;
  private static final int LEFT = Integer.MAX_VALUE;

  private final Pending graph;
  private final Groups groups;
  // The states, so that those of one part stand together; and by state, the part.
  private final int[] order;
  private final int[] part;
  private int parts = 1;
  private final Deque<Slice> open = new ArrayDeque<>();
  // Of a division under way.
  private final int[] index;
  private final int[] low;
  private final int[] cursor;
  private final int[] path;
  private final int[] waiting;
  private int visited;
  private int depth;
  private int stacked;

  /** A part, by where its states stand. */
  private record Slice(int from, int to, int part) {}

  private FairParts(Pending graph, Groups groups) {
    this.graph = graph;
    this.groups = groups;
    int size = graph.size();
    this.order = new int[size];
    Arrays.setAll(order, node -> node);
    this.part = new int[size];
    this.index = new int[size];
    this.low = new int[size];
    this.cursor = new int[size];
    this.path = new int[size];
    this.waiting = new int[size];
  }

  /** By state, the fair part that it lies in; -1 if it lies in none. */
  static int[] of(Pending graph, Groups groups) {
    FairParts parts = new FairParts(graph, groups);
    parts.open.push(new Slice(0, graph.size(), 0));
    while (!parts.open.isEmpty()) {
      Slice slice = parts.open.pop();
      for (Slice each : parts.divide(slice)) {
        parts.judge(each);
      }
    }
    return parts.part;
  }

  /** Divides a part into strongly connected ones (Tarjan), without recursion. */
  private Deque<Slice> divide(Slice slice) {
    Deque<Slice> found = new ArrayDeque<>();
    int[] roots = Arrays.copyOfRange(order, slice.from(), slice.to());
    for (int root : roots) {
      index[root] = 0;
    }
    visited = 0;
    int written = slice.from();
    for (int root : roots) {
      if (index[root] == 0) {
        visit(root);
      }
      while (depth > 0) {
        int node = path[depth - 1];
        if (cursor[node] < graph.firstEdge(node + 1)) {
          int target = graph.target(cursor[node]++);
          if (part[target] != slice.part()) {
            continue;
          }
          if (index[target] == 0) {
            visit(target);
          } else if (index[target] != LEFT) {
            low[node] = Math.min(low[node], index[target]);
          }
          continue;
        }
        depth--;
        if (depth > 0) {
          low[path[depth - 1]] = Math.min(low[path[depth - 1]], low[node]);
        }
        if (low[node] == index[node]) {
          int from = written;
          do {
            stacked--;
            index[waiting[stacked]] = LEFT;
            order[written++] = waiting[stacked];
          } while (waiting[stacked] != node);
          found.add(new Slice(from, written, parts++));
        }
      }
    }
    for (Slice each : found) {
      put(each, each.part());
    }
    return found;
  }

  private void visit(int node) {
    index[node] = ++visited;
    low[node] = visited;
    cursor[node] = graph.firstEdge(node);
    path[depth++] = node;
    waiting[stacked++] = node;
  }

  private void put(Slice slice, int where) {
    for (int at = slice.from(); at < slice.to(); at++) {
      part[order[at]] = where;
    }
  }

  /** Leaves a strongly connected part as it is if it is fair; drops it, or has it divided. */
  private void judge(Slice slice) {
    BitSet always = new BitSet();
    always.set(0, groups.all().size());
    BitSet sometimes = new BitSet();
    BitSet taken = new BitSet();
    boolean moves = false;
    for (int at = slice.from(); at < slice.to(); at++) {
      int node = order[at];
      always.and(graph.enabled(node));
      sometimes.or(graph.enabled(node));
      for (int edge = graph.firstEdge(node); edge < graph.firstEdge(node + 1); edge++) {
        if (part[graph.target(edge)] == slice.part()) {
          moves = true;
          taken.or(graph.kind(edge).groups());
        }
      }
    }
    always.andNot(taken);
    if (!moves || !always.isEmpty()) {
      put(slice, NONE);
      return;
    }
    sometimes.andNot(taken);
    sometimes.and(groups.strong());
    if (!sometimes.isEmpty()) {
      withoutThem(slice, sometimes);
    }
  }

  /** Has what is left of a part divided, once the states are out in which some groups can move. */
  private void withoutThem(Slice slice, BitSet denied) {
    int kept = slice.from();
    for (int at = slice.from(); at < slice.to(); at++) {
      int node = order[at];
      if (graph.enabled(node).intersects(denied)) {
        part[node] = NONE;
      } else {
        order[at] = order[kept];
        order[kept++] = node;
      }
    }
    if (kept > slice.from()) {
      open.push(new Slice(slice.from(), kept, slice.part()));
    }
  }
}
