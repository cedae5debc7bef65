package dev.faultline.protocol.message;

/**
 * The number of a task within its party; 0 is the party itself.
 *
 * <p>Numbers are used again: a new task gets the lowest one that no task of the party and no
 * message under way names, so that equal situations are equal values.
 *
 * @param number 0 or more
 */
public record TaskId(int number) implements Comparable<TaskId> {

  /** The party itself, outside any of its tasks. */
  public static final TaskId NONE = new TaskId(0);

  public TaskId {
    if (number < 0) {
      throw new IllegalArgumentException("task number " + number + " is negative");
    }
  }

  @Override
  public int compareTo(TaskId other) {
    return Integer.compare(number, other.number);
  }

  @Override
  public String toString() {
    return Integer.toString(number);
  }
}
