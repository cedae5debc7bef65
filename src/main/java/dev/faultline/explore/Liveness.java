package dev.faultline.explore;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * Looks, once a search has seen all states, for a fair run on which something never comes about.
 *
 * <p>Exact where no state was left out: if there is such a run, there is one that ends in a loop,
 * and it is found. Where states that are alike are kept as one, or steps that commute are not tried
 * in every order, a loop may be none, and who moves on it is not known; but where there is no loop
 * at all, there is none among what was left out, so nothing can go round.
 */
final class Liveness {

  /** So many edges are looked at to shorten a lasso that was found. */
  private static final long WORK = 20_000_000;

  /** Somebody moves. */
  private static final Fairness ANYBODY =
      _ -> List.of(Fairness.Group.of("anybody", Fairness.Strength.WEAK, _ -> true));

  /** So many lassos of one length are weighed against one another. */
  private static final int WEIGHED = 1_000;

  /** What was found. */
  sealed interface Answer {

    /** It comes about on every fair run. */
    record Kept() implements Answer {}

    /** There is a fair run on which it does not. */
    record Broken(Lasso lasso) implements Answer {}

    /** There are loops among what is left; whether they are loops, only all states can tell. */
    record Undecided() implements Answer {}

    /** The graph takes too much memory, or it was asked to stop. */
    record Unfinished() implements Answer {}
  }

  private final Search search;
  private final Fairness fairness;
  private final LongSupplier bytes;
  private final BooleanSupplier enough;
  private final Set<List<Outcomes.Written>> recurring;

  /**
   * A promise as it is asked for.
   *
   * @param to the number of the question whether it has come about
   * @param comesAbout whether it has wherever nobody can move
   */
  record Asked(Eventually promise, int to, boolean comesAbout) {}

  /**
   * Makes ready to answer.
   *
   * @param search at its end: no state is left unexpanded
   * @param bytes that graphs of states may take
   * @param enough asked now and then, whether to stop
   */
  Liveness(Search search, Fairness fairness, LongSupplier bytes, BooleanSupplier enough) {
    this.search = search;
    this.fairness = search.isReduced() ? ANYBODY : fairness;
    this.bytes = bytes;
    this.enough = enough;
    this.recurring = search.recurring();
  }

  /** Answers for one promise. */
  Answer check(Asked promise) {
    try {
      return answer(promise);
    } catch (Pending.Unfinished unfinished) {
      return new Answer.Unfinished();
    }
  }

  private Answer answer(Asked promise) throws Pending.Unfinished {
    boolean ends = promise.comesAbout() && everybodyHasToMove();
    if (ends && recurring.isEmpty()) {
      return new Answer.Kept();
    }
    // What the questions read may be news to the search, which then writes its states anew; so they
    // are asked before states are numbered.
    Optional<Integer> from =
        promise.promise().from().map(asked -> search.add(sight -> said(asked, sight)));
    for (int level = 0; level <= search.level(); level++) {
      search.ask(promise.to(), level);
      if (from.isPresent()) {
        search.ask(from.get(), level);
      }
    }
    Groups groups = new Groups(search, fairness);
    if (ends && endsAlways(promise.to(), groups)) {
      return new Answer.Kept();
    }
    if (search.isReduced()) {
      return new Answer.Undecided();
    }
    Pending graph = Pending.of(search, groups, from, promise.to(), bytes.getAsLong(), enough);
    Map<Integer, List<Integer>> loops = loops(graph, groups);
    return loops.isEmpty()
        ? new Answer.Kept()
        : new Answer.Broken(lasso(graph, promise.promise(), loops));
  }

  /** Whether a fair run ends only where nobody can move. */
  private boolean everybodyHasToMove() {
    List<Fairness.Group> groups = fairness.groups(search.actors());
    return search.actors().stream()
        .allMatch(
            actor ->
                groups.stream()
                    .anyMatch(group -> group.labels().isEmpty() && group.actors().test(actor)));
  }

  private static Optional<Boolean> said(Predicate<Sight> predicate, Sight sight) {
    return predicate.test(sight) ? Optional.of(true) : Optional.empty();
  }

  /** Whether nothing can go round for ever without what is promised, unless it is unfair. */
  private boolean endsAlways(int to, Groups groups) throws Pending.Unfinished {
    Circles circles = Circles.of(search, recurring, bytes.getAsLong(), enough);
    Pending round = Pending.round(search, groups, to, circles, bytes.getAsLong(), enough);
    int[] part = FairParts.of(round, groups);
    return Arrays.stream(part).allMatch(each -> each < 0);
  }

  /** The fair loops of the shortest lassos found, by the state where they begin. */
  private static Map<Integer, List<Integer>> loops(Pending graph, Groups groups) {
    int[] part = FairParts.of(graph, groups);
    Loops loops = new Loops(graph, groups, part);
    Map<Integer, List<Integer>> best = new HashMap<>();
    int bestLength = Integer.MAX_VALUE - 1;
    int bestDistance = 0;
    for (int node = 0; node < graph.size(); node++) {
      int distance = graph.distance(node);
      if (distance > bestLength || !best.isEmpty() && loops.work() > WORK) {
        break;
      }
      Optional<List<Integer>> loop = Optional.empty();
      if (graph.enabled(node).isEmpty()) {
        loop = Optional.of(List.of());
      } else if (part[node] >= 0) {
        loop = loops.through(node, bestLength - distance + 1);
      }
      if (loop.isEmpty()) {
        continue;
      }
      int length = distance + loop.get().size();
      if (length < bestLength) {
        best.clear();
        bestLength = length;
        bestDistance = distance;
      }
      if (distance == bestDistance && best.size() < WEIGHED) {
        best.put(node, loop.get());
      }
    }
    return best;
  }

  private Lasso lasso(Pending graph, Eventually promise, Map<Integer, List<Integer>> loops) {
    List<BitSet> layers = new ArrayList<>();
    BitSet ends = new BitSet();
    loops.keySet().forEach(ends::set);
    layers.add(ends);
    int distance = graph.distance(ends.nextSetBit(0));
    while (layers.getFirst().stream().noneMatch(graph::isSource)) {
      distance--;
      layers.addFirst(before(graph, distance, layers.getFirst()));
    }
    List<long[]> sources =
        layers.getFirst().stream().filter(graph::isSource).mapToObj(graph::state).toList();
    Paths.Reached reached = new Paths(search).to(distance, sources);
    int source =
        layers.getFirst().stream()
            .filter(node -> Arrays.equals(graph.state(node), reached.state()))
            .findFirst()
            .orElseThrow();
    List<Integer> way = way(graph, source, layers);
    int anchor = way.isEmpty() ? source : graph.target(way.getLast());
    List<Trace.Move> stem = new ArrayList<>(reached.trace().moves());
    stem.addAll(graph.named(source, way).moves());
    return new Lasso(
        promise.property(),
        new Trace(stem),
        graph.named(anchor, loops.get(anchor)),
        promise.waiting().apply(search.sight(graph.state(anchor))));
  }

  /** The states of a distance that lead to some states. */
  private static BitSet before(Pending graph, int distance, BitSet later) {
    BitSet found = new BitSet();
    for (int node = graph.start(distance); node < graph.start(distance + 1); node++) {
      for (int edge = graph.firstEdge(node); edge < graph.firstEdge(node + 1); edge++) {
        if (later.get(graph.target(edge))) {
          found.set(node);
        }
      }
    }
    return found;
  }

  /**
   * A way from layer to layer, with few changes from one party to another.
   *
   * @param last the edge that leads there; -1 at the source
   */
  private record Way(int node, int switches, int last, Optional<Way> before) {}

  private static List<Integer> way(Pending graph, int source, List<BitSet> layers) {
    Map<Integer, Way> ways =
        new HashMap<>(Map.of(source, new Way(source, 0, -1, Optional.empty())));
    for (BitSet layer : layers.subList(1, layers.size())) {
      Map<Integer, Way> next = new HashMap<>();
      for (int node : ways.keySet().stream().sorted().toList()) {
        Way way = ways.get(node);
        for (int edge = graph.firstEdge(node); edge < graph.firstEdge(node + 1); edge++) {
          int target = graph.target(edge);
          if (layer.get(target)) {
            boolean goesOn =
                way.last() < 0 || graph.kind(way.last()).party() == graph.kind(edge).party();
            Way on = new Way(target, way.switches() + (goesOn ? 0 : 1), edge, Optional.of(way));
            next.merge(target, on, (one, other) -> other.switches() < one.switches() ? other : one);
          }
        }
      }
      ways = next;
    }
    Optional<Way> at = Optional.empty();
    for (int node : ways.keySet().stream().sorted().toList()) {
      if (at.isEmpty() || ways.get(node).switches() < at.get().switches()) {
        at = Optional.of(ways.get(node));
      }
    }
    List<Integer> edges = new ArrayList<>();
    while (at.isPresent() && at.get().last() >= 0) {
      edges.addFirst(at.get().last());
      at = at.get().before();
    }
    return edges;
  }
}
