package dev.faultline.world;

import dev.faultline.protocol.message.PartyId;

/** What a line of a script waits for before it starts. */
public sealed interface Await {

  /**
   * A named line has ended; or whoever was to do it is dead, in a world where processes may die at
   * any moment.
   */
  record Ended(String name) implements Await {}

  /** All lines of a party have ended, or it is dead. */
  record Finished(PartyId party) implements Await {}

  /** A party has refused something. */
  record Refusal(PartyId by) implements Await {}
}
