package dev.faultline.property;

import java.util.Optional;

/**
 * What a property remembers that looks at single turns: whether the last one broke it.
 *
 * @param violation who broke it, and where
 */
record LastTurn(Optional<String> violation) implements Property.Memory {

  /** It broke nothing. */
  static final LastTurn FINE = new LastTurn(Optional.empty());

  static LastTurn of(Optional<String> violation) {
    return violation.isEmpty() ? FINE : new LastTurn(violation);
  }

  static Optional<String> violation(Property.Memory memory) {
    return ((LastTurn) memory).violation();
  }
}
