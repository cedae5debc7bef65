package dev.faultline.protocol;

import dev.faultline.protocol.design.LockMode;
import dev.faultline.protocol.message.TaskId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Who holds a lock. Waiters are not queued: when it is let go, the schedule says who is next.
 *
 * @param exclusive its one holder, if it is held exclusively
 * @param shared its readers, in order of their numbers
 */
public record LockState(Optional<TaskId> exclusive, List<TaskId> shared) {

  public static final LockState FREE = new LockState(Optional.empty(), List.of());

  public LockState {
    shared = List.copyOf(shared);
    if (exclusive.isPresent() && !shared.isEmpty()) {
      throw new IllegalStateException("a lock is held exclusively and shared at once");
    }
  }

  public boolean allows(LockMode mode) {
    return exclusive.isEmpty() && (mode == LockMode.SHARED || shared.isEmpty());
  }

  /**
   * The lock as taken by a task.
   *
   * @throws IllegalStateException if another holds it
   */
  public LockState take(TaskId task, LockMode mode) {
    if (!allows(mode)) {
      throw new IllegalStateException("task " + task + " takes a lock that is held: " + this);
    }
    if (mode == LockMode.EXCLUSIVE) {
      return new LockState(Optional.of(task), List.of());
    }
    List<TaskId> readers = new ArrayList<>(shared);
    readers.add(task);
    readers.sort(null);
    return new LockState(Optional.empty(), readers);
  }

  /**
   * The lock as let go by a task.
   *
   * @throws IllegalStateException if the task does not hold it
   */
  public LockState release(TaskId task) {
    if (exclusive.isPresent() && exclusive.get().equals(task)) {
      return FREE;
    }
    if (!shared.contains(task)) {
      throw new IllegalStateException("task " + task + " lets go of a lock that it does not hold");
    }
    List<TaskId> readers = new ArrayList<>(shared);
    readers.remove(task);
    return new LockState(Optional.empty(), readers);
  }
}
