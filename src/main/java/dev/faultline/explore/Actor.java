package dev.faultline.explore;

/** Someone in a model who can act. */
public interface Actor {

  /** The party that it is or belongs to, as a person would name it. */
  String party();

  /**
   * What it can do: an outcome for each way in which it can act now, in a fixed order; none if it
   * cannot.
   */
  void act(Sight sight, Moves moves);
}
