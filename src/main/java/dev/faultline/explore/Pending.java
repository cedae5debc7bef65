package dev.faultline.explore;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * The states in which something was asked for and has not come about, numbered by how far they are,
 * with the moves from one to another: a graph in arrays.
 */
final class Pending {

  /** The graph did not get finished. */
  static final class Unfinished extends Exception {
    private static final long serialVersionUID = 1;
  }

  private static final int BLOCK = 1 << 10;

  private final Search search;
  private final Groups groups;
  private final int words;
  private final long[] next;

  private long[][] log = new long[0][];
  private int size;
  private int[] table = new int[64];
  // By state: its first edge, and the number of the set of groups that can move in it.
  private int[] edges = new int[64];
  private int[] enabled = new int[64];
  // By edge: where it leads to, and the kind of move that it is.
  private int[] targets = new int[256];
  private char[] kinds = new char[256];
  private int edgeCount;
  // The first state of each distance.
  private int[] starts = new int[64];
  private int distances;
  // By state: whether what is asked for is asked for in it, at its distance from the first state.
  private final BitSet sources = new BitSet();
  // Whether no more states are taken than there are.
  private boolean closed;

  private Pending(Search search, Groups groups) {
    this.search = search;
    this.groups = groups;
    this.words = search.store().words;
    this.next = new long[words];
  }

  /**
   * Goes through the states of a search that saw all.
   *
   * @param from the question whether it is asked for; from the first state on if empty
   * @param to the question whether it has come about
   * @param bytes that the graph may take
   * @param enough asked now and then, whether to stop
   */
  static Pending of(
      Search search,
      Groups groups,
      Optional<Integer> from,
      int to,
      long bytes,
      BooleanSupplier enough)
      throws Unfinished {
    Pending pending = new Pending(search, groups);
    pending.build(from, to, bytes, enough);
    return pending;
  }

  /** Goes through those states only that lie on a way round; how far they are is not told. */
  static Pending round(
      Search search, Groups groups, int to, Circles circles, long bytes, BooleanSupplier enough)
      throws Unfinished {
    Pending pending = new Pending(search, groups);
    pending.closed = true;
    circles.each(
        state -> {
          if (search.ask(to, state).isEmpty()) {
            pending.put(state);
          }
        });
    for (int node = 0; node < pending.size; node++) {
      pending.expand(node, to);
      if (node % 1024 == 0) {
        pending.limit(bytes, enough);
      }
    }
    pending.edges[pending.size] = pending.edgeCount;
    pending.table = new int[0];
    return pending;
  }

  private void limit(long bytes, BooleanSupplier enough) throws Unfinished {
    if (bytes() > bytes || enough.getAsBoolean()) {
      throw new Unfinished();
    }
  }

  private void build(Optional<Integer> from, int to, long bytes, BooleanSupplier enough)
      throws Unfinished {
    int done = 0;
    for (int distance = 0; done < size || distance <= search.level(); distance++) {
      begin(done);
      if (distance <= search.level()) {
        sourcesOf(distance, from, to);
      }
      for (int end = size; done < end; done++) {
        expand(done, to);
        if (done % 1024 == 0) {
          limit(bytes, enough);
        }
      }
    }
    begin(size);
    edges[size] = edgeCount;
    table = new int[0];
    if (search.space().isOutgrown()) {
      throw new IllegalStateException("a search that has not seen all is asked for loops");
    }
  }

  private void begin(int node) {
    if (distances == starts.length) {
      starts = Arrays.copyOf(starts, 2 * distances);
    }
    starts[distances++] = node;
  }

  private void sourcesOf(int level, Optional<Integer> from, int to) {
    Store store = search.store();
    if (from.isEmpty() && level > 0) {
      return;
    }
    for (int region = 0; region < Store.REGIONS; region++) {
      for (int index = store.start(level, region); index < store.end(level, region); index++) {
        long[] block = store.regions[region].block(index);
        int at = store.regions[region].offset(index);
        long[] state = Arrays.copyOfRange(block, at, at + words);
        if ((from.isEmpty() || search.ask(from.get(), state).isPresent())
            && search.ask(to, state).isEmpty()) {
          int node = put(state);
          if (node >= starts[level]) {
            sources.set(node);
          }
        }
      }
    }
  }

  private void expand(int node, int to) {
    edges[node] = edgeCount;
    long[] state = state(node);
    BitSet can = new BitSet();
    search.kept(
        state,
        0,
        (actor, outcome, after) -> {
          int kind = groups.kind(actor, outcome, state);
          can.or(groups.kind(kind).groups());
          System.arraycopy(after, 0, next, 0, words);
          int target = find(next);
          if (target < 0 && !closed && search.ask(to, next).isEmpty()) {
            target = put(next);
          }
          if (target >= 0) {
            addEdge(target, kind);
          }
        });
    enabled[node] = groups.number(can);
  }

  private void addEdge(int target, int kind) {
    if (edgeCount == targets.length) {
      targets = Arrays.copyOf(targets, larger(edgeCount));
      kinds = Arrays.copyOf(kinds, targets.length);
    }
    if (kind > Character.MAX_VALUE) {
      throw new IllegalStateException("more kinds of moves than an edge can tell: " + kind);
    }
    targets[edgeCount] = target;
    kinds[edgeCount] = (char) kind;
    edgeCount++;
  }

  private static int larger(int length) {
    return Math.toIntExact(Math.min((long) length + (length >> 1), Integer.MAX_VALUE - 8));
  }

  // States.

  private int find(long[] state) {
    int slot = slot(state, table.length);
    while (table[slot] != 0) {
      int node = table[slot] - 1;
      int at = node % BLOCK * words;
      if (Arrays.equals(log[node / BLOCK], at, at + words, state, 0, words)) {
        return node;
      }
      slot = slot + 1 == table.length ? 0 : slot + 1;
    }
    return -1;
  }

  private static int slot(long[] state, int length) {
    return (int) ((Region.hash(state, 0, state.length) >>> 32) * length >>> 32);
  }

  private int put(long[] state) {
    int known = find(state);
    if (known >= 0) {
      return known;
    }
    if (size + 1 == edges.length) {
      edges = Arrays.copyOf(edges, larger(edges.length));
      enabled = Arrays.copyOf(enabled, edges.length);
    }
    if (2L * size >= table.length) {
      grow();
    }
    if (size / BLOCK == log.length) {
      log = Arrays.copyOf(log, log.length + 1);
      log[log.length - 1] = new long[BLOCK * words];
    }
    System.arraycopy(state, 0, log[size / BLOCK], size % BLOCK * words, words);
    enter(table, state, size);
    return size++;
  }

  private static void enter(int[] table, long[] state, int node) {
    int slot = slot(state, table.length);
    while (table[slot] != 0) {
      slot = slot + 1 == table.length ? 0 : slot + 1;
    }
    table[slot] = node + 1;
  }

  private void grow() {
    int[] wider = new int[2 * table.length];
    for (int node = 0; node < size; node++) {
      enter(wider, state(node), node);
    }
    table = wider;
  }

  private long bytes() {
    return 8L * BLOCK * words * log.length
        + 4L * (table.length + 2L * edges.length + targets.length)
        + 2L * kinds.length;
  }

  // The graph.

  int size() {
    return size;
  }

  long[] state(int node) {
    int at = node % BLOCK * words;
    return Arrays.copyOfRange(log[node / BLOCK], at, at + words);
  }

  /** The first edge of a state; its edges end where those of the next one begin. */
  int firstEdge(int node) {
    return edges[node];
  }

  int target(int edge) {
    return targets[edge];
  }

  Groups.Kind kind(int edge) {
    return groups.kind(kinds[edge]);
  }

  int kindNumber(int edge) {
    return kinds[edge];
  }

  /** The groups that can move in a state, wherever that leads to. */
  BitSet enabled(int node) {
    return groups.set(enabled[node]);
  }

  /** How many steps from the first state, at least, lead to a state by way of the question. */
  int distance(int node) {
    int found = Arrays.binarySearch(starts, 0, distances, node);
    if (found < 0) {
      return -found - 2;
    }
    int last = found;
    while (starts[last + 1] == node) {
      last++;
    }
    return last;
  }

  /** The first state of a distance. */
  int start(int distance) {
    return starts[distance];
  }

  /** Whether a state is one in which it is asked for, and no nearer one led to it. */
  boolean isSource(int node) {
    return sources.get(node);
  }

  /** What is done along some edges. */
  Trace named(int from, List<Integer> way) {
    List<Trace.Move> moves = new ArrayList<>();
    int at = from;
    for (int edge : way) {
      moves.add(named(at, edge));
      at = targets[edge];
    }
    return new Trace(moves);
  }

  private Trace.Move named(int node, int edge) {
    long[] state = state(node);
    long[] after = state(targets[edge]);
    int[] found = {-1, 0};
    search.successors(
        state,
        0,
        (actor, outcome, next) -> {
          if (found[0] < 0
              && Arrays.equals(next, 0, words, after, 0, words)
              && groups.kind(actor, outcome, state) == kinds[edge]) {
            found[0] = actor;
            found[1] = outcome;
          }
        });
    Actor actor = search.actors().get(found[0]);
    Outcomes.Recorded recorded = new Outcomes.Recorded();
    actor.act(search.sight(state), recorded);
    return new Trace.Move(actor.party(), recorded.moves.get(found[1]).label());
  }
}
