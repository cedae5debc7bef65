package dev.faultline.protocol;

import dev.faultline.protocol.message.Endpoint;
import dev.faultline.protocol.message.Message;
import dev.faultline.protocol.message.TaskId;

/** What makes a party decide. */
public sealed interface Stimulus<M extends Message> {

  /**
   * A message arrived.
   *
   * @param from who sent it, and is answered
   * @param to the task it is for; {@link TaskId#NONE} for the party itself
   */
  record Delivered<M extends Message>(Endpoint from, TaskId to, M message) implements Stimulus<M> {}

  /** A task takes its next step. */
  record Advanced<M extends Message>(TaskId task) implements Stimulus<M> {}

  /** The process that the party is, or is the memory of, dies. */
  record Killed<M extends Message>() implements Stimulus<M> {}
}
