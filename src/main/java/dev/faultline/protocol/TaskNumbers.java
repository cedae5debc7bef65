package dev.faultline.protocol;

import dev.faultline.protocol.message.TaskId;
import java.util.function.Predicate;

/** Which number a new task gets. */
public final class TaskNumbers {

  private TaskNumbers() {}

  /** The lowest number from 1 that neither the state nor a message under way names. */
  public static TaskId lowestFree(Predicate<TaskId> running, Predicate<TaskId> taken) {
    int number = 1;
    while (running.test(new TaskId(number)) || taken.test(new TaskId(number))) {
      number++;
    }
    return new TaskId(number);
  }
}
