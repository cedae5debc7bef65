package dev.faultline.explore;

/**
 * What a search leaves out because it could show nothing new.
 *
 * @param symmetry of states that are images of one another only one is kept
 * @param partialOrder a step that commutes with all that others can do, and that no promise sees,
 *     is taken at once, and not between all others
 */
public record Reductions(boolean symmetry, boolean partialOrder) {

  /** All states are seen. */
  public static final Reductions NONE = new Reductions(false, false);

  /** All that is sound. */
  public static final Reductions ALL = new Reductions(true, true);
}
