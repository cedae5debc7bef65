package dev.faultline.conform;

import java.util.List;

/** A model of a kernel that operations are put to. Immutable. */
public interface Model {

  /** All answers that the model allows, each with the model after it; never empty. */
  List<Allowed> put(TraceOperation operation);

  /**
   * An answer that the model allows.
   *
   * @param reason why, as a clause: "page 10 has 2 references, not 1"
   * @param after the model, once it has answered so
   */
  record Allowed(Answer answer, String reason, Model after) {}
}
