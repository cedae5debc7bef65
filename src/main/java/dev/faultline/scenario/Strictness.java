package dev.faultline.scenario;

/** Which rules the lists of a revision have to keep. */
enum Strictness {
  /** All: a design that its author means. */
  DESIGN,
  /**
   * Only those without which an act finds nothing to work on: a mutation may leave an invalidation
   * open, wait for itself, take locks in the wrong order, or begin again for ever, as what it
   * stands for did.
   */
  MUTATION
}
