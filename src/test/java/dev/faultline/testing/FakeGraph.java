package dev.faultline.testing;

import dev.faultline.explore.Actor;
import dev.faultline.explore.Fairness;
import dev.faultline.explore.Model;
import dev.faultline.explore.Moves;
import dev.faultline.explore.Promise;
import dev.faultline.explore.Sight;
import dev.faultline.explore.Slot;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/**
 * A model that is a graph drawn by chance: a place, and walkers who each know some ways.
 *
 * @param size how many places there are, the first is 0
 * @param edges who can go from where to where, under which label
 * @param groups who has to go on
 * @param from where something is asked for
 * @param to where it has come about
 */
public record FakeGraph(
    int size, List<Edge> edges, List<Due> groups, Set<Integer> from, Set<Integer> to)
    implements Model {

  /** A way that a walker knows. */
  public record Edge(int walker, int from, int to, String label) {}

  /** A group: all ways of a walker, or those with a label. */
  public record Due(int walker, Optional<String> label, boolean strong) {
    public boolean has(Edge edge) {
      return edge.walker() == walker && label.map(edge.label()::equals).orElse(true);
    }
  }

  public static final Slot<Integer> PLACE = new Slot<>("place", "", 0);

  private static final int WALKERS = 3;
  private static final List<String> LABELS = List.of("go", "jump");

  /** Draws one. */
  public static FakeGraph draw(Random random) {
    int size = 2 + random.nextInt(6);
    List<Edge> edges = new ArrayList<>();
    int count = size + random.nextInt(2 * size);
    for (int edge = 0; edge < count; edge++) {
      edges.add(
          new Edge(
              random.nextInt(WALKERS),
              random.nextInt(size),
              random.nextInt(size),
              LABELS.get(random.nextInt(2))));
    }
    List<Due> groups = new ArrayList<>();
    for (int walker = 0; walker < WALKERS; walker++) {
      if (random.nextInt(4) > 0) {
        groups.add(new Due(walker, Optional.empty(), random.nextInt(3) == 0));
      }
      if (random.nextInt(3) == 0) {
        groups.add(
            new Due(walker, Optional.of(LABELS.get(random.nextInt(2))), random.nextBoolean()));
      }
    }
    Set<Integer> from = new TreeSet<>();
    Set<Integer> to = new TreeSet<>();
    for (int place = 0; place < size; place++) {
      if (random.nextInt(3) == 0) {
        from.add(place);
      } else if (random.nextInt(3) == 0) {
        to.add(place);
      }
    }
    return new FakeGraph(size, List.copyOf(edges), List.copyOf(groups), from, to);
  }

  /** Goes along the ways of one walker. */
  private record Walker(int number, List<Edge> edges) implements Actor {
    @Override
    public String party() {
      return "walker " + number;
    }

    @Override
    public void act(Sight sight, Moves moves) {
      int place = sight.get(PLACE);
      for (Edge edge : edges) {
        if (edge.walker() == number && edge.from() == place) {
          moves.to(edge.label()).set(PLACE, edge.to());
        }
      }
    }
  }

  @Override
  public List<Slot<?>> slots() {
    return List.of(PLACE);
  }

  @Override
  public List<Actor> actors(Collection<Slot<?>> known) {
    List<Actor> actors = new ArrayList<>();
    for (int walker = 0; walker < WALKERS; walker++) {
      actors.add(new Walker(walker, edges));
    }
    return actors;
  }

  @Override
  public Fairness fairness() {
    return _ ->
        groups.stream()
            .map(
                due ->
                    new Fairness.Group(
                        due.toString(),
                        due.strong() ? Fairness.Strength.STRONG : Fairness.Strength.WEAK,
                        actor -> ((Walker) actor).number() == due.walker(),
                        due.label().map(label -> label::equals)))
            .toList();
  }

  @Override
  public List<Promise> promises() {
    return List.of();
  }

  @Override
  public List<String> waiting(Sight sight) {
    return List.of();
  }
}
