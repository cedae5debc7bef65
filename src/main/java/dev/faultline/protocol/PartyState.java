package dev.faultline.protocol;

/** The state of a party: names for its parts. */
public interface PartyState {

  /** What it consists of. */
  Parts parts();
}
