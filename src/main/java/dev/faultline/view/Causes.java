package dev.faultline.view;

import dev.faultline.journal.JournalEntry.StepTaken;
import dev.faultline.protocol.Event;
import dev.faultline.protocol.gmem.GmemEvent;
import dev.faultline.protocol.iommu.IommuEvent;
import dev.faultline.protocol.kvm.KvmEvent;
import dev.faultline.protocol.message.Endpoint;
import dev.faultline.protocol.message.Message;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.TaskId;
import dev.faultline.protocol.vmm.VmmEvent;
import dev.faultline.world.MessageId;
import dev.faultline.world.Step;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * For each step, the line of a script that it comes of. A message comes of what the task that sends
 * it was started for, and of what its step was told where no task sends it. Is shown the steps in
 * order.
 */
final class Causes {

  private final SortedMap<Endpoint, Cause> tasks = new TreeMap<>();
  private final SortedMap<Long, SortedMap<Integer, Cause>> sent = new TreeMap<>();

  /**
   * A line of a script that was started.
   *
   * @param step when
   * @param whose script
   * @param message what the party was told
   */
  record Cause(long step, PartyId whose, Message message) {}

  /** What a step comes of; nothing for a process that was killed. */
  Optional<Cause> of(StepTaken entry) {
    Optional<Cause> cause = found(entry);
    for (Event event : entry.events()) {
      started(event).ifPresent(task -> put(new Endpoint(entry.party(), task), cause));
    }
    SortedMap<Integer, Cause> messages = new TreeMap<>();
    for (int position = 0; position < entry.sends().size(); position++) {
      TaskId sender = entry.sends().get(position).from();
      int place = position;
      Optional.ofNullable(tasks.get(new Endpoint(entry.party(), sender)))
          .or(() -> cause)
          .ifPresent(known -> messages.put(place, known));
    }
    sent.put(entry.step(), messages);
    return cause;
  }

  private Optional<Cause> found(StepTaken entry) {
    return switch (entry.taken()) {
      case Step.Tick(PartyId party) ->
          entry.message().map(message -> new Cause(entry.step(), party, message));
      case Step.Deliver _ -> entry.id().flatMap(this::message);
      case Step.Advance(PartyId party, TaskId task, int _) ->
          Optional.ofNullable(tasks.get(new Endpoint(party, task)));
      case Step.Kill _ -> Optional.empty();
    };
  }

  private Optional<Cause> message(MessageId id) {
    return Optional.ofNullable(sent.get(id.step()))
        .flatMap(messages -> Optional.ofNullable(messages.get(id.position())));
  }

  private void put(Endpoint task, Optional<Cause> cause) {
    if (cause.isPresent()) {
      tasks.put(task, cause.get());
    } else {
      tasks.remove(task);
    }
  }

  /** The task that an event starts, if it does. */
  static Optional<TaskId> started(Event event) {
    return switch (event) {
      case GmemEvent.TaskStarted(TaskId id, var _) -> Optional.of(id);
      case KvmEvent.TaskStarted(TaskId id, var _) -> Optional.of(id);
      case VmmEvent.TaskStarted(TaskId id, var _) -> Optional.of(id);
      case IommuEvent.TaskStarted(TaskId id, var _) -> Optional.of(id);
      default -> Optional.empty();
    };
  }
}
