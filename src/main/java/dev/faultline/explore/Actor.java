package dev.faultline.explore;

/** Someone in a model who can act. */
public interface Actor {

  /** The party that it is or belongs to, as a person would name it. */
  String party();

  /**
   * On whose behalf it would act in a state in which it can: what runs on behalf of one thread runs
   * mostly one after the other.
   */
  default String thread(Sight sight) {
    return party();
  }

  /**
   * Whether what it does could come at every moment, and seldom does. A walk takes it seldom, so
   * that it comes in the middle of what others do; a search takes it everywhere.
   */
  default boolean isSeldom() {
    return false;
  }

  /**
   * What it can do: an outcome for each way in which it can act now, in a fixed order; none if it
   * cannot.
   */
  void act(Sight sight, Moves moves);
}
