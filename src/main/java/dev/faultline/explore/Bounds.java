package dev.faultline.explore;

/**
 * How far a search may go.
 *
 * @param depth steps from the first state
 * @param memoryBytes that the states seen may take
 * @param milliseconds that the search may take
 */
public record Bounds(int depth, long memoryBytes, long milliseconds) {

  /** As far as it goes. */
  public static final Bounds NONE = new Bounds(Integer.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE);
}
