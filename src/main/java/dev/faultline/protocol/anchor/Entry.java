package dev.faultline.protocol.anchor;

/**
 * An entry of the secure EPT.
 *
 * @param stage how far the page is the guest's
 * @param offset frame number minus guest frame number
 */
public record Entry(Stage stage, long offset) {

  /** How far a page is the guest's. */
  public enum Stage {
    /** Given, not accepted. */
    PENDING,
    /** The guest's. */
    ACCEPTED,
    /** On its way back: no new translation; it was pending or accepted. */
    BLOCKED
  }
}
