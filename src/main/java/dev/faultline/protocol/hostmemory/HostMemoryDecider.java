package dev.faultline.protocol.hostmemory;

import dev.faultline.protocol.Decided;
import dev.faultline.protocol.Decider;
import dev.faultline.protocol.Draft;
import dev.faultline.protocol.KeptParts;
import dev.faultline.protocol.Parts;
import dev.faultline.protocol.Stimulus;
import dev.faultline.protocol.TaskNumbers;
import dev.faultline.protocol.memory.Errno;
import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.IndexRange;
import dev.faultline.protocol.memory.RangeMap;
import dev.faultline.protocol.memory.Run;
import dev.faultline.protocol.message.Access;
import dev.faultline.protocol.message.Endpoint;
import dev.faultline.protocol.message.Foll;
import dev.faultline.protocol.message.HostMemoryToGmem;
import dev.faultline.protocol.message.HostMemoryToKvm;
import dev.faultline.protocol.message.HostMemoryToProcess;
import dev.faultline.protocol.message.InvalidationAnswer;
import dev.faultline.protocol.message.Message;
import dev.faultline.protocol.message.PagesAnswer;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.ProcessToHostMemory;
import dev.faultline.protocol.message.Result;
import dev.faultline.protocol.message.TaskId;
import dev.faultline.protocol.message.ToHostMemory;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The address space of a host process (struct mm_struct).
 *
 * <p>Model: a process has mapped the file before the world starts, and unmaps only by MADV_DONTNEED
 * or by ending; so mmap_lock is never waited for.
 */
public final class HostMemoryDecider
    implements Decider<HostMemoryState, ToHostMemory, HostMemoryEvent> {

  private final PartyId self;
  private final RangeMap<GfnRange, HostMemoryState.Mapping> mappings;
  private final Optional<PartyId> notified;

  /**
   * @param mappings what it maps at first
   * @param notified the VM that finds shared pages through this address space, and whose MMU
   *     notifier is told before they leave its page tables
   */
  public HostMemoryDecider(
      PartyId self,
      RangeMap<GfnRange, HostMemoryState.Mapping> mappings,
      Optional<PartyId> notified) {
    this.self = self;
    this.mappings = mappings;
    this.notified = notified;
  }

  @Override
  public HostMemoryState initialState() {
    return new HostMemoryState(KeptParts.EMPTY).withMappings(mappings);
  }

  @Override
  public HostMemoryState state(Parts parts) {
    return new HostMemoryState(parts);
  }

  @Override
  public List<TaskId> movable(HostMemoryState state) {
    return List.of();
  }

  @Override
  public HostMemoryState evolve(HostMemoryState state, HostMemoryEvent event) {
    return state.evolve(event);
  }

  @Override
  public Decided<HostMemoryEvent> decide(
      HostMemoryState state, Stimulus<ToHostMemory> stimulus, Predicate<TaskId> taken) {
    Draft<HostMemoryState, HostMemoryEvent> draft = new Draft<>(state, HostMemoryState::evolve);
    switch (stimulus) {
      case Stimulus.Delivered<ToHostMemory>(Endpoint from, TaskId to, ToHostMemory message) ->
          delivered(draft, from, to, message, taken);
      case Stimulus.Advanced<ToHostMemory>(TaskId task) -> draft.ignore("there is no task " + task);
      case Stimulus.Killed<ToHostMemory>() -> exit(draft);
    }
    return draft.decision();
  }

  private void delivered(
      Draft<HostMemoryState, HostMemoryEvent> draft,
      Endpoint from,
      TaskId to,
      ToHostMemory message,
      Predicate<TaskId> taken) {
    switch (message) {
      case ProcessToHostMemory.Touch(GfnRange range, Access access) ->
          pass(
              draft,
              from,
              range,
              (indices) -> new HostMemoryToGmem.Touch(self, indices, access, from),
              new HostMemoryToProcess.Touched(Result.failed(Errno.EFAULT)));
      case ProcessToHostMemory.Unmap(GfnRange range) when notified.isPresent() -> {
        TaskId id = TaskNumbers.lowestFree(draft.state()::isUnderWay, taken);
        draft.happen(new HostMemoryEvent.UnmapStarted(id, new Unmapping(from, range)));
        tell(draft, id, new HostMemoryToKvm.InvalidateRangeStart(range));
      }
      case ProcessToHostMemory.Unmap(GfnRange range) ->
          pass(
              draft,
              from,
              range,
              (indices) -> new HostMemoryToGmem.Zap(self, indices, from),
              new HostMemoryToProcess.Unmapped());
      case ProcessToHostMemory.GetUserPages(GfnRange range, boolean fast, Foll foll) ->
          pass(
              draft,
              from,
              range,
              (indices) -> new HostMemoryToGmem.GetUserPages(self, indices, fast, foll, from),
              new PagesAnswer.NotGot(Errno.EFAULT));
      case ProcessToHostMemory.Exit() -> exit(draft);
      case InvalidationAnswer.Begun _ ->
          proceed(
              draft,
              to,
              unmapping ->
                  pass(
                      draft,
                      new Endpoint(self, to),
                      unmapping.range(),
                      indices -> new HostMemoryToGmem.Zap(self, indices, new Endpoint(self, to)),
                      new HostMemoryToProcess.Unmapped()));
      case HostMemoryToProcess.Unmapped() ->
          proceed(
              draft,
              to,
              unmapping ->
                  tell(draft, to, new HostMemoryToKvm.InvalidateRangeEnd(unmapping.range())));
      case InvalidationAnswer.Ended() ->
          proceed(
              draft,
              to,
              unmapping -> {
                draft.send(TaskId.NONE, unmapping.caller(), new HostMemoryToProcess.Unmapped());
                draft.happen(new HostMemoryEvent.UnmapEnded(to));
              });
    }
  }

  private void tell(
      Draft<HostMemoryState, HostMemoryEvent> draft, TaskId id, HostMemoryToKvm message) {
    draft.send(id, Endpoint.of(notified.orElseThrow()), message);
  }

  private static void proceed(
      Draft<HostMemoryState, HostMemoryEvent> draft, TaskId id, Consumer<Unmapping> then) {
    Optional<Unmapping> unmapping = draft.state().findTask(id);
    if (unmapping.isPresent()) {
      then.accept(unmapping.get());
    } else {
      draft.ignore("nothing is being unmapped by task " + id);
    }
  }

  /** What falls into one mapping of a file goes to its inode; anything else is answered here. */
  private void pass(
      Draft<HostMemoryState, HostMemoryEvent> draft,
      Endpoint from,
      GfnRange range,
      Function<IndexRange, Message> toGmem,
      Message otherwise) {
    List<Run<GfnRange, HostMemoryState.Mapping>> runs = draft.state().mappings().runs(range);
    if (runs.size() != 1 || !runs.getFirst().range().equals(range)) {
      draft.refuse(Errno.EFAULT, "not all of " + range + " is mapped");
      draft.send(TaskId.NONE, from, otherwise);
      return;
    }
    HostMemoryState.Mapping mapping = runs.getFirst().value();
    IndexRange indices =
        new IndexRange(range.start() + mapping.offset(), range.end() + mapping.offset());
    draft.send(TaskId.NONE, Endpoint.of(mapping.gmem()), toGmem.apply(indices));
  }

  private void exit(Draft<HostMemoryState, HostMemoryEvent> draft) {
    List<Run<GfnRange, HostMemoryState.Mapping>> runs = draft.state().mappings().runs(GfnRange.ALL);
    if (runs.isEmpty()) {
      draft.ignore("the process has ended already");
      return;
    }
    runs.stream()
        .map(run -> run.value().gmem())
        .distinct()
        .forEach(
            gmem ->
                draft.send(TaskId.NONE, Endpoint.of(gmem), new HostMemoryToGmem.ExitMmap(self)));
    draft.happen(new HostMemoryEvent.AllUnmapped());
  }
}
