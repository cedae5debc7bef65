package dev.faultline.world;

import dev.faultline.protocol.message.Message;
import dev.faultline.protocol.message.TaskId;

/** A message under way, and the task of the receiver that it is for. */
public record Envelope(TaskId to, Message message) {}
