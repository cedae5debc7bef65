package dev.faultline.protocol;

import java.util.List;

/**
 * Alternatives of which something outside the model picks one: an allocation succeeds or fails,
 * firmware is busy or not. It is resolved within the same step.
 *
 * @param alternatives at least two, in a fixed order; the first is the usual one
 */
public record Choice<E extends Event>(List<Alternative<E>> alternatives) implements Decided<E> {

  public Choice {
    alternatives = List.copyOf(alternatives);
    if (alternatives.size() < 2) {
      throw new IllegalArgumentException("a choice needs two alternatives");
    }
  }

  @Override
  public List<Decision<E>> decisions() {
    return alternatives.stream().map(Alternative::decision).toList();
  }

  /**
   * One of them.
   *
   * @param label what it stands for, as in {@code one of}
   */
  public record Alternative<E extends Event>(String label, Decision<E> decision) {}
}
