package dev.faultline.explore;

import java.util.List;

/** A way from the first state to another one. */
public record Trace(List<Move> moves) {

  /**
   * What was done.
   *
   * @param party who did it
   * @param label what, as the model names it
   */
  public record Move(String party, Object label) {}

  public Trace {
    moves = List.copyOf(moves);
  }

  /** How many steps it takes. */
  public int length() {
    return moves.size();
  }

  /** How often another party goes on. */
  public int switches() {
    int switches = 0;
    for (int move = 1; move < moves.size(); move++) {
      switches += moves.get(move).party().equals(moves.get(move - 1).party()) ? 0 : 1;
    }
    return switches;
  }
}
