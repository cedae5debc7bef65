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

  private final Family<TaskId, Optional<T>> family =
      new Family<>("task", Optional.empty(), TaskId::toString);

  /** The tasks under way, in order of their numbers. */
  public List<TaskId> ids(Parts parts) {
    return parts.keys(family);
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
