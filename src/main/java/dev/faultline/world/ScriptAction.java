package dev.faultline.world;

import dev.faultline.protocol.message.Message;
import dev.faultline.protocol.message.PartyId;

/** What a line of a script does. */
public sealed interface ScriptAction {

  /** The party is told to do something, and the script waits for its answer. */
  record Tell(Message message) implements ScriptAction {}

  /** Another party's process is killed. */
  record Kill(PartyId victim) implements ScriptAction {}

  /** Nothing: the line only waits. */
  record Wait() implements ScriptAction {}
}
