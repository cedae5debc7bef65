package dev.faultline.explore;

import java.util.ArrayList;
import java.util.List;

/**
 * A fair run on which something never comes about: a way to a state, and from there a loop that can
 * be gone round for ever.
 *
 * @param property what is promised and does not come about
 * @param stem from the first state to the loop
 * @param loop from there back to there; empty where it ends, since nobody moves who would have to
 * @param waiting who waits for whom where the loop begins
 */
public record Lasso(String property, Trace stem, Trace loop, List<String> waiting) {
  public Lasso {
    waiting = List.copyOf(waiting);
  }

  /** The way to the loop, and once round it. */
  public Trace once() {
    List<Trace.Move> moves = new ArrayList<>(stem.moves());
    moves.addAll(loop.moves());
    return new Trace(moves);
  }
}
