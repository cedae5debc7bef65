package dev.faultline.protocol;

import dev.faultline.protocol.message.Endpoint;
import dev.faultline.protocol.message.Message;
import dev.faultline.protocol.message.TaskId;

/**
 * A message on its way out.
 *
 * @param from the task that sends: it decides the channel; {@link TaskId#NONE} for the party itself
 * @param to the party and task that it is for
 */
public record Send(TaskId from, Endpoint to, Message message) {}
