package dev.faultline.protocol;

import java.util.List;

/** What a decider says: one decision, or a choice that something outside the model makes. */
public sealed interface Decided<E extends Event> permits Decision, Choice {

  /** The decisions that it can come to, in their fixed order: one, or one an alternative. */
  List<Decision<E>> decisions();
}
