package dev.faultline.protocol;

import dev.faultline.protocol.message.TaskId;
import java.util.List;
import java.util.Optional;

/**
 * The family of a party's tasks: what is under way there, by number.
 *
 * @param <T> a task of that party
 */
public final class Tasks<T> {

  /** The name of every family of tasks. */
  private static final String NAME = "task";

  private final Family<TaskId, Optional<T>> family =
      new Family<>(NAME, Optional.empty(), TaskId::toString);

  /** The task that a part holds, if it is such a part. */
  public static Optional<TaskId> id(Part<?> part) {
    return part.family().name().equals(NAME) ? Optional.of((TaskId) part.key()) : Optional.empty();
  }

  /** The tasks under way, in order of their numbers. */
  public List<TaskId> ids(Parts parts) {
    return parts.keys(family);
  }

  /** Whether a task of that number is under way. */
  public boolean isUnderWay(Parts parts, TaskId id) {
    return parts.look(family.of(id), Optional::isPresent);
  }

  public Optional<T> find(Parts parts, TaskId id) {
    return parts.get(family.of(id));
  }

  /** The task of that number, which must be under way. */
  public T get(Parts parts, TaskId id) {
    return find(parts, id).orElseThrow(() -> new IllegalStateException("there is no task " + id));
  }

  public Parts start(Parts parts, TaskId id, T task) {
    if (find(parts, id).isPresent()) {
      throw new IllegalStateException("task " + id + " started twice");
    }
    return parts.with(family.of(id), Optional.of(task));
  }

  public Parts proceed(Parts parts, TaskId id, T task) {
    get(parts, id);
    return parts.with(family.of(id), Optional.of(task));
  }

  public Parts end(Parts parts, TaskId id) {
    get(parts, id);
    return parts.with(family.of(id), Optional.empty());
  }
}
