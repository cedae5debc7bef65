package dev.faultline.explore;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Finds, of the shortest ways to some states, the one that is easiest to read: fewest parties, then
 * fewest changes from one party to another.
 *
 * <p>No state knows who led to it. The levels are expanded again, from the last back to the first,
 * and what leads on is kept.
 */
final class Paths {

  /** More states of a level than these are not weighed against one another. */
  private static final int WEIGHED = 4_000;

  /** More ways to one state than these are not weighed against one another. */
  private static final int WAYS = 32;

  /** A state as a key. */
  private record State(long[] words) {
    @Override
    public boolean equals(Object other) {
      return other instanceof State state && Arrays.equals(words, state.words);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(words);
    }
  }

  private record Edge(State from, int actor, int outcome) {}

  /**
   * A way to a state.
   *
   * @param parties a bit for each
   */
  private record Way(
      long parties, int last, int switches, Optional<Way> before, Optional<Edge> edge) {
    int partyCount() {
      return Long.bitCount(parties);
    }
  }

  private static final Comparator<Way> READABLE =
      Comparator.comparingInt(Way::partyCount)
          .thenComparingInt(Way::switches)
          .thenComparingLong(Way::parties)
          .thenComparingInt(Way::last);

  private final Search search;
  private final List<String> parties;

  Paths(Search search) {
    this.search = search;
    this.parties = search.actors().stream().map(Actor::party).distinct().sorted().toList();
  }

  /** A way, and the state that it leads to. */
  record Reached(Trace trace, long[] state) {}

  /** The way to one of some states of a level. */
  Reached to(int level, Collection<long[]> targets) {
    List<Map<State, List<Edge>>> edges = new ArrayList<>();
    Map<State, List<Edge>> later = new LinkedHashMap<>();
    targets.stream()
        .limit(WEIGHED)
        .forEach(words -> later.put(new State(words), new ArrayList<>()));
    edges.add(later);
    for (int at = level - 1; at >= 0; at--) {
      edges.addFirst(back(at, edges.getFirst()));
    }
    return best(edges);
  }

  /** The states of a level that lead to those given, whose edges it fills in. */
  private Map<State, List<Edge>> back(int level, Map<State, List<Edge>> later) {
    Map<State, List<Edge>> earlier = new LinkedHashMap<>();
    Store store = search.store();
    for (int region = 0; region < Store.REGIONS && earlier.size() < WEIGHED; region++) {
      int end = store.end(level, region);
      for (int index = store.start(level, region); index < end; index++) {
        long[] states = store.regions[region].block(index);
        int at = store.regions[region].offset(index);
        State from = new State(Arrays.copyOfRange(states, at, at + store.words));
        search.successors(
            states,
            at,
            (actor, outcome, next) -> {
              List<Edge> into = later.get(new State(next));
              if (into != null) {
                into.add(new Edge(from, actor, outcome));
                earlier.putIfAbsent(from, new ArrayList<>());
              }
            });
      }
    }
    return earlier;
  }

  private Reached best(List<Map<State, List<Edge>>> edges) {
    Map<State, Collection<Way>> reached = new LinkedHashMap<>();
    for (State first : edges.getFirst().keySet()) {
      reached.put(first, List.of(new Way(0, -1, 0, Optional.empty(), Optional.empty())));
    }
    for (Map<State, List<Edge>> level : edges.subList(1, edges.size())) {
      Map<State, Collection<Way>> next = new LinkedHashMap<>();
      for (Map.Entry<State, List<Edge>> each : level.entrySet()) {
        next.put(each.getKey(), ways(reachedBy(each.getValue(), reached)));
      }
      reached = next;
    }
    Optional<Way> best = Optional.empty();
    long[] end = new long[0];
    for (Map.Entry<State, Collection<Way>> each : reached.entrySet()) {
      for (Way way : each.getValue()) {
        if (best.isEmpty() || READABLE.compare(way, best.get()) < 0) {
          best = Optional.of(way);
          end = each.getKey().words();
        }
      }
    }
    return new Reached(
        named(
            best.orElseThrow(
                () -> new IllegalStateException("no way leads to a state that was reached")),
            end),
        end);
  }

  private List<Way> reachedBy(List<Edge> into, Map<State, Collection<Way>> reached) {
    List<Way> all = new ArrayList<>();
    for (Edge edge : into) {
      int party = parties.indexOf(search.actors().get(edge.actor()).party());
      for (Way way : Objects.requireNonNullElse(reached.get(edge.from()), List.<Way>of())) {
        all.add(
            new Way(
                way.parties() | 1L << party,
                party,
                way.switches() + (way.last() == party || way.last() < 0 ? 0 : 1),
                Optional.of(way),
                Optional.of(edge)));
      }
    }
    return all;
  }

  /** Of ways by the same parties that end at the same one, the best; of all, the best few. */
  private static Collection<Way> ways(List<Way> all) {
    Map<List<Long>, Way> best = new TreeMap<>(Comparator.comparing(List::toString));
    for (Way way : all) {
      best.merge(
          List.of(way.parties(), (long) way.last()),
          way,
          (one, other) -> other.switches() < one.switches() ? other : one);
    }
    return best.values().stream().sorted(READABLE).limit(WAYS).toList();
  }

  /**
   * The way in steps that can be taken one after another: where a state stands for others like it,
   * the step is taken that leads to one of them.
   */
  private Trace named(Way way, long[] end) {
    List<long[]> states = new ArrayList<>();
    states.add(end);
    Optional<Way> at = Optional.of(way);
    while (at.isPresent() && at.get().edge().isPresent()) {
      states.addFirst(at.get().edge().get().from().words());
      at = at.get().before();
    }
    List<Trace.Move> moves = new ArrayList<>();
    long[] now = states.getFirst();
    for (long[] target : states.subList(1, states.size())) {
      now = step(now, target, moves);
    }
    return new Trace(moves);
  }

  /** Takes the first step that leads to a state or to one like it, by the last party if it can. */
  private long[] step(long[] now, long[] target, List<Trace.Move> moves) {
    Optional<Trace.Move> best = Optional.empty();
    long[] next = now;
    for (Actor actor : search.actors()) {
      Outcomes.Recorded recorded = new Outcomes.Recorded();
      actor.act(search.sight(now), recorded);
      for (Outcomes.Recorded.Move move : recorded.moves) {
        long[] reached = search.changed(now, move.values());
        long[] kept = reached.clone();
        search.canonical(kept);
        boolean sameParty = !moves.isEmpty() && moves.getLast().party().equals(actor.party());
        if (Arrays.equals(kept, target) && (best.isEmpty() || sameParty)) {
          best = Optional.of(new Trace.Move(actor.party(), move.label()));
          next = reached;
        }
      }
    }
    moves.add(best.orElseThrow(() -> new IllegalStateException("a step of a way is no step")));
    return next;
  }
}
