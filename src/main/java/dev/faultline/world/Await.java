package dev.faultline.world;

import dev.faultline.protocol.message.PartyId;

/** What a line of a script waits for before it starts. */
public sealed interface Await {

  /** A named line has ended. */
  record Ended(String name) implements Await {}

  /** All lines of a party have ended. */
  record Finished(PartyId party) implements Await {}

  /** A party has refused something. */
  record Refusal(PartyId by) implements Await {}
}
