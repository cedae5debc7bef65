package dev.faultline.scenario;

/**
 * How a mode and a revision stand to each other.
 *
 * @param standing on whose word they go together
 * @param note where that is said, or why they do not; empty where nobody need be told
 */
public record Pair(Standing standing, String note) {

  /** On whose word a mode and a revision go together. */
  public enum Standing {
    /** A released kernel has them. */
    MERGED,
    /** The series has them. */
    POSTED,
    /** Somebody has asked for it, or sketched it; no series has it. */
    ARGUED,
    /** Nobody has it. Model: concluded from what each does alone. */
    OURS,
    /** They cannot meet. */
    REFUSED
  }

  /** Whether a scenario can have both. */
  public boolean runs() {
    return standing != Standing.REFUSED;
  }
}
