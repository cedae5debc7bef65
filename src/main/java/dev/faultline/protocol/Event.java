package dev.faultline.protocol;

import dev.faultline.protocol.message.TaskId;

/** Something that happened to a party; its state is the fold of its events. */
public interface Event {

  /** How a task stands now, whole: of two in a row about one task, the last one says all. */
  interface Progress extends Event {

    TaskId id();
  }
}
