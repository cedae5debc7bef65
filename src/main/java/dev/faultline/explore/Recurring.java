package dev.faultline.explore;

import dev.faultline.explore.Outcomes.Written;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which moves of a search can be part of a way round, as far as that can be told without looking at
 * a state.
 *
 * <p>On a way round every slot comes back to what it held. So a move cannot lie on one if it takes
 * a slot from a value to another from which no moves lead back; and without that move, others
 * cannot either. A script only goes on, what it sent is received once, what that started ends: of
 * most worlds no move is left, and they have no way round at all.
 *
 * <p>What is left need not go round: each slot is looked at by itself.
 */
final class Recurring {

  /** A value in its slot, by number. */
  private record Value(int slot, int number) {}

  /** A move, as changes from one value to another, with those of the moves like it. */
  private record Move(List<Written> move, int[] from, int[] to) {}

  private final Map<Value, Integer> nodes = new HashMap<>();

  private Recurring() {}

  /** Of all moves that a search knows those that can be part of a way round. */
  static Set<List<Written>> of(Collection<List<Written>> moves, Orbits orbits) {
    Recurring recurring = new Recurring();
    List<Move> left = new ArrayList<>();
    moves.forEach(move -> left.add(recurring.move(move, orbits)));
    boolean fewer = true;
    while (fewer) {
      int[] part = recurring.parts(left);
      fewer = left.removeIf(move -> !staysWithin(part, move));
    }
    Set<List<Written>> found = new LinkedHashSet<>();
    left.forEach(each -> found.add(each.move()));
    return found;
  }

  private static boolean staysWithin(int[] part, Move move) {
    for (int change = 0; change < move.from().length; change++) {
      if (part[move.from()[change]] != part[move.to()[change]]) {
        return false;
      }
    }
    return true;
  }

  private Move move(List<Written> move, Orbits orbits) {
    List<Integer> from = new ArrayList<>();
    List<Integer> to = new ArrayList<>();
    for (Written written : move) {
      orbits.images(
          written,
          (slot, was, is) -> {
            from.add(node(slot, was));
            to.add(node(slot, is));
          });
    }
    return new Move(
        move,
        from.stream().mapToInt(Integer::intValue).toArray(),
        to.stream().mapToInt(Integer::intValue).toArray());
  }

  private int node(int slot, int number) {
    return nodes.computeIfAbsent(new Value(slot, number), _ -> nodes.size());
  }

  /** By value, the part that it lies in: from each value of one, moves lead to each. */
  private int[] parts(List<Move> moves) {
    int[] first = new int[nodes.size() + 1];
    for (Move move : moves) {
      for (int node : move.from()) {
        first[node + 1]++;
      }
    }
    for (int node = 0; node < nodes.size(); node++) {
      first[node + 1] += first[node];
    }
    int[] targets = new int[first[nodes.size()]];
    int[] next = Arrays.copyOf(first, nodes.size());
    for (Move move : moves) {
      for (int change = 0; change < move.from().length; change++) {
        targets[next[move.from()[change]]++] = move.to()[change];
      }
    }
    return Components.of(first, targets);
  }
}
