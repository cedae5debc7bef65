package dev.faultline.protocol;

import dev.faultline.protocol.message.TaskId;
import java.util.List;

/** Which number a new task gets. */
public final class TaskNumbers {

  private TaskNumbers() {}

  /** The lowest number from 1 that neither the state nor a message under way names. */
  public static TaskId lowestFree(List<TaskId> running, List<TaskId> taken) {
    int number = 1;
    while (running.contains(new TaskId(number)) || taken.contains(new TaskId(number))) {
      number++;
    }
    return new TaskId(number);
  }
}
