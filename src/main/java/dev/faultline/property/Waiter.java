package dev.faultline.property;

import dev.faultline.protocol.message.Endpoint;
import dev.faultline.protocol.message.PartyId;

/** Someone in a world who can wait, and keep others waiting. */
sealed interface Waiter {

  /** A party, as far as it goes on with its script. */
  record OfScript(PartyId party) implements Waiter {}

  /** A task of a party. */
  record OfTask(Endpoint task) implements Waiter {}
}
