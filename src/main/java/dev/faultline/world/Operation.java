package dev.faultline.world;

import dev.faultline.protocol.message.Message;
import dev.faultline.protocol.message.PartyId;

/** What a line of a script does. */
public sealed interface Operation {

  /** The party is told to do something, and the script waits for its answer. */
  record Tell(Message message) implements Operation {}

  /** Another party's process is killed. */
  record Kill(PartyId victim) implements Operation {}

  /** Nothing: the line only waits. */
  record Wait() implements Operation {}
}
