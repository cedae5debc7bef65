package dev.faultline.explore;

/**
 * A way to exchange things that a model does not tell apart: what can be done in a state can be
 * done in its image, and leads to the image of what it leads to.
 */
public interface Symmetry {

  /** The slot of the image that holds what a slot held, exchanged. */
  Slot<?> slot(Slot<?> slot);

  /** A value, exchanged. */
  Object value(Slot<?> slot, Object value);
}
