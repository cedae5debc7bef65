package dev.faultline.protocol.hostio;

import dev.faultline.protocol.Decided;
import dev.faultline.protocol.Decider;
import dev.faultline.protocol.Draft;
import dev.faultline.protocol.KeptParts;
import dev.faultline.protocol.Parts;
import dev.faultline.protocol.Stimulus;
import dev.faultline.protocol.memory.Errno;
import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.IndexRange;
import dev.faultline.protocol.memory.Page;
import dev.faultline.protocol.memory.PfnRange;
import dev.faultline.protocol.memory.Run;
import dev.faultline.protocol.message.Access;
import dev.faultline.protocol.message.DeviceToIommu;
import dev.faultline.protocol.message.Endpoint;
import dev.faultline.protocol.message.Foll;
import dev.faultline.protocol.message.GmemToProcess;
import dev.faultline.protocol.message.HostIoToVmm;
import dev.faultline.protocol.message.HostMemoryToProcess;
import dev.faultline.protocol.message.IommuToDevice;
import dev.faultline.protocol.message.KvmToProcess;
import dev.faultline.protocol.message.Message;
import dev.faultline.protocol.message.PageUserToGmem;
import dev.faultline.protocol.message.PagesAnswer;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.ProcessToGmem;
import dev.faultline.protocol.message.ProcessToHostMemory;
import dev.faultline.protocol.message.ProcessToKvm;
import dev.faultline.protocol.message.Result;
import dev.faultline.protocol.message.ScriptToHostIo;
import dev.faultline.protocol.message.TaskId;
import dev.faultline.protocol.message.ToHostIo;
import dev.faultline.protocol.message.ToScript;
import dev.faultline.protocol.message.View;
import dev.faultline.protocol.message.VmmToHostIo;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** A host user of guest memory. {@link #delivered} has a row for each thing it can be told. */
public final class HostIoDecider implements Decider<HostIoState, ToHostIo, HostIoEvent> {

  /** The script's operation. */
  private static final TaskId OPERATION = new TaskId(1);

  /** Giving pages back that the VMM wants. */
  private static final TaskId RELEASE = new TaskId(2);

  /** io_ring_exit_work of a closed ring. */
  private static final TaskId EXIT_WORK = new TaskId(3);

  private final PartyId self;
  private final HostIoSetup setup;

  public HostIoDecider(PartyId self, HostIoSetup setup) {
    this.self = self;
    this.setup = setup;
  }

  @Override
  public HostIoState initialState() {
    return new HostIoState(KeptParts.EMPTY);
  }

  @Override
  public HostIoState state(Parts parts) {
    return new HostIoState(parts);
  }

  @Override
  public List<TaskId> movable(HostIoState state) {
    return exitWorkIsQueued(state) ? List.of(EXIT_WORK) : List.of();
  }

  @Override
  public List<TaskId> standing() {
    return List.of(EXIT_WORK);
  }

  private static boolean exitWorkIsQueued(HostIoState state) {
    return state.closed() && !state.frames(GfnRange.ALL).isEmpty();
  }

  @Override
  public HostIoState evolve(HostIoState state, HostIoEvent event) {
    return state.evolve(event);
  }

  @Override
  public Decided<HostIoEvent> decide(
      HostIoState state, Stimulus<ToHostIo> stimulus, Predicate<TaskId> taken) {
    Draft<HostIoState, HostIoEvent> draft = new Draft<>(state, HostIoState::evolve);
    switch (stimulus) {
      case Stimulus.Delivered<ToHostIo>(Endpoint from, TaskId to, ToHostIo message) -> {
        if (state.dead()) {
          afterDeath(draft, message);
        } else {
          delivered(draft, from, to, message);
        }
      }
      case Stimulus.Advanced<ToHostIo>(TaskId task) -> {
        if (task.equals(EXIT_WORK) && exitWorkIsQueued(state)) {
          giveAllBack(draft, EXIT_WORK);
        } else {
          draft.ignore("there is no task " + task);
        }
      }
      case Stimulus.Killed<ToHostIo>() -> {
        if (state.dead()) {
          draft.ignore(self + " is dead already");
        } else {
          tellProcess(draft);
          die(draft, new Result.Died());
        }
      }
    }
    return draft.decision();
  }

  /** What comes too late: pages that were still on their way go back. */
  private void afterDeath(Draft<HostIoState, HostIoEvent> draft, ToHostIo message) {
    if (message instanceof PagesAnswer.Got(IndexRange _, List<PfnRange> pages)) {
      draft.send(RELEASE, Endpoint.of(setup.pages()), new PageUserToGmem.PutPages(pages));
    } else if (message instanceof VmmToHostIo.Unregister(GfnRange range)) {
      draft.send(RELEASE, Endpoint.of(setup.vmm()), new HostIoToVmm.Released(range));
    } else if (message instanceof ScriptToHostIo) {
      answer(draft, new Result.Died());
    }
    draft.ignore(self + " is dead");
  }

  private void delivered(
      Draft<HostIoState, HostIoEvent> draft, Endpoint from, TaskId to, ToHostIo message) {
    switch (message) {
      case ScriptToHostIo _ when draft.state().operation().isPresent() ->
          draft.ignore(self + " is at another operation");
      case ScriptToHostIo operation -> {
        draft.happen(new HostIoEvent.OperationStarted(operation));
        start(draft, operation);
      }
      case HostMemoryToProcess.Touched(Result.Sigbus bus) when setup.catchesSigbus() -> {
        draft.signal(self + " catches SIGBUS");
        end(draft, bus);
      }
      case HostMemoryToProcess.Touched(Result.Sigbus bus) -> {
        draft.signal(self + "'s process dies of SIGBUS");
        tellProcess(draft);
        die(draft, bus);
      }
      case HostMemoryToProcess.Touched(Result.Sigsegv segv) -> {
        draft.signal(self + "'s process dies of SIGSEGV");
        tellProcess(draft);
        die(draft, segv);
      }
      case HostMemoryToProcess.Touched(Result result) -> end(draft, result);
      case HostMemoryToProcess.Unmapped() -> end(draft, Result.ok());
      case GmemToProcess.Returned(Result result, var _) -> end(draft, result);
      case GmemToProcess.Unblocked _ -> draft.ignore("it does not wait for a conversion");
      case KvmToProcess.AttributesSet(Result result) -> end(draft, result);
      case VmmToHostIo.DmaMapped(Result result) -> end(draft, result);
      case VmmToHostIo.DmaUnmapped(Result result) -> end(draft, result);
      case VmmToHostIo.Unregister(GfnRange range) -> {
        draft.happen(new HostIoEvent.ReleaseStarted(from, range));
        release(draft);
      }
      case VmmToHostIo.ProcessDied() -> die(draft, new Result.Died());
      case IommuToDevice.DmaDone(Result result) -> end(draft, result);
      case PagesAnswer.Got(IndexRange _, List<PfnRange> pages) -> pinned(draft, pages);
      case PagesAnswer.NotGot(Errno errno) -> end(draft, Result.failed(errno));
      case PagesAnswer.Transferred(Result result) -> {
        end(draft, result);
        release(draft);
      }
      case PagesAnswer.Put() -> put(draft, to);
    }
  }

  // Operations of the script.

  private void start(Draft<HostIoState, HostIoEvent> draft, ScriptToHostIo operation) {
    if (draft.state().closed()) {
      refuse(draft, Errno.EBADF, self + " is closed");
      return;
    }
    switch (operation) {
      case ScriptToHostIo.Touch(GfnRange range, Access access) ->
          ask(draft, setup.memory(), new ProcessToHostMemory.Touch(range, access));
      case ScriptToHostIo.Unmap(GfnRange range) ->
          ask(draft, setup.memory(), new ProcessToHostMemory.Unmap(range));
      case ScriptToHostIo.SetAttributes(long offset, long size, View target) -> {
        switch (setup.call()) {
          case KVM_SET_MEMORY_ATTRIBUTES ->
              ask(draft, setup.kvm(), new ProcessToKvm.SetMemoryAttributes(offset, size, target));
          case KVM_SET_MEMORY_ATTRIBUTES2 ->
              ask(
                  draft,
                  setup.gmem(),
                  new ProcessToGmem.SetMemoryAttributes2(offset, size, target));
          case KVM_GMEM_CONVERT ->
              ask(draft, setup.gmem(), new ProcessToGmem.Convert(offset, size, 0, target));
        }
      }
      case ScriptToHostIo.PunchHole(GfnRange range) ->
          ask(
              draft,
              setup.gmem(),
              new ProcessToGmem.PunchHole(
                  range.start() * Page.BYTES, range.pageCount() * Page.BYTES));
      case ScriptToHostIo.MapDma(GfnRange range) ->
          ask(draft, setup.vmm(), new HostIoToVmm.MapDma(range));
      case ScriptToHostIo.UnmapDma(GfnRange range) ->
          ask(draft, setup.vmm(), new HostIoToVmm.UnmapDma(range));
      case ScriptToHostIo.Dma(GfnRange range, Access access) ->
          ask(draft, setup.iommu(), new DeviceToIommu.Dma(range, access));
      case ScriptToHostIo.Pin(GfnRange range) -> pin(draft, range, true);
      case ScriptToHostIo.PinSlow(GfnRange range) -> pin(draft, range, false);
      case ScriptToHostIo.Transfer(GfnRange range, Access access) -> {
        List<PfnRange> frames = draft.state().frames(range);
        if (frames.size() != 1 || frames.getFirst().pageCount() != range.pageCount()) {
          refuse(draft, Errno.EINVAL, "page " + range + " is not pinned by " + self);
        } else {
          ask(draft, setup.pages(), new PageUserToGmem.Transfer(frames.getFirst(), access));
        }
      }
      case ScriptToHostIo.Unpin(GfnRange range) -> {
        List<PfnRange> frames = draft.state().frames(range);
        if (frames.isEmpty()) {
          refuse(draft, Errno.EINVAL, "nothing of " + range + " is pinned by " + self);
        } else {
          draft.happen(new HostIoEvent.Unpinned(range));
          ask(draft, setup.pages(), new PageUserToGmem.PutPages(frames));
        }
      }
      case ScriptToHostIo.CloseRing() -> {
        if (longTerm()) {
          close(draft);
        } else {
          refuse(draft, Errno.EBADF, self + " is no io_uring");
        }
      }
    }
  }

  private boolean longTerm() {
    return setup.kind() == HostIoSetup.Kind.IO_URING;
  }

  private static void ask(Draft<HostIoState, HostIoEvent> draft, PartyId whom, Message question) {
    draft.send(OPERATION, Endpoint.of(whom), question);
  }

  /** io_uring_release: the buffers are gone for whoever closes it, and are still pinned. */
  private void close(Draft<HostIoState, HostIoEvent> draft) {
    draft.happen(new HostIoEvent.RingClosed());
    if (setup.ofVmm()) {
      for (Run<GfnRange, Long> pinned : draft.state().pins().runs(GfnRange.ALL)) {
        draft.send(
            OPERATION, Endpoint.of(setup.vmm()), new HostIoToVmm.Unregistered(pinned.range()));
      }
    }
    end(draft, Result.ok());
  }

  private void refuse(Draft<HostIoState, HostIoEvent> draft, Errno errno, String reason) {
    draft.refuse(errno, reason);
    end(draft, Result.failed(errno));
  }

  private void end(Draft<HostIoState, HostIoEvent> draft, Result result) {
    if (draft.state().operation().isEmpty()) {
      draft.ignore(self + " asked for nothing");
      return;
    }
    draft.happen(new HostIoEvent.OperationEnded());
    answer(draft, result);
  }

  private void answer(Draft<HostIoState, HostIoEvent> draft, Result result) {
    draft.send(OPERATION, Endpoint.of(self), new ToScript.Answered(result));
  }

  private void pin(Draft<HostIoState, HostIoEvent> draft, GfnRange range, boolean fast) {
    Foll foll = longTerm() ? Foll.LONGTERM : Foll.PIN;
    ask(draft, setup.memory(), new ProcessToHostMemory.GetUserPages(range, fast, foll));
  }

  private void pinned(Draft<HostIoState, HostIoEvent> draft, List<PfnRange> pages) {
    Optional<GfnRange> wanted = pinning(draft.state());
    if (wanted.isEmpty()) {
      draft.ignore("no get_user_pages is under way");
      return;
    }
    draft.happen(new HostIoEvent.Pinned(wanted.get(), pages));
    if (setup.ofVmm() && longTerm()) {
      draft.send(OPERATION, Endpoint.of(setup.vmm()), new HostIoToVmm.Registered(wanted.get()));
    }
    end(draft, Result.ok());
  }

  /** The pages that its operation pins. */
  private static Optional<GfnRange> pinning(HostIoState state) {
    return switch (state.operation().orElse(null)) {
      case ScriptToHostIo.Pin(GfnRange range) -> Optional.of(range);
      case ScriptToHostIo.PinSlow(GfnRange range) -> Optional.of(range);
      case null, default -> Optional.empty();
    };
  }

  // Giving pages back.

  /** Gives back what the VMM wants, once no transfer goes through it. */
  private void release(Draft<HostIoState, HostIoEvent> draft) {
    Optional<HostIoState.Wanted> wanted = draft.state().wanted();
    if (wanted.isEmpty()) {
      return;
    }
    GfnRange range = wanted.get().range();
    if (draft.state().operation().isPresent()
        && draft.state().operation().get() instanceof ScriptToHostIo.Transfer transfer
        && transfer.range().overlaps(range)) {
      return;
    }
    List<PfnRange> frames = draft.state().frames(range);
    if (frames.isEmpty() || draft.state().closed()) {
      released(draft, wanted.get());
    } else {
      draft.happen(new HostIoEvent.Unpinned(range));
      draft.send(RELEASE, Endpoint.of(setup.pages()), new PageUserToGmem.PutPages(frames));
    }
  }

  private void giveAllBack(Draft<HostIoState, HostIoEvent> draft, TaskId from) {
    List<PfnRange> pins = draft.state().frames(GfnRange.ALL);
    if (!pins.isEmpty()) {
      draft.happen(new HostIoEvent.Unpinned(GfnRange.ALL));
      draft.send(from, Endpoint.of(setup.pages()), new PageUserToGmem.PutPages(pins));
    }
  }

  private static void released(Draft<HostIoState, HostIoEvent> draft, HostIoState.Wanted wanted) {
    draft.happen(new HostIoEvent.ReleaseEnded());
    draft.send(RELEASE, wanted.vmm(), new HostIoToVmm.Released(wanted.range()));
  }

  private void put(Draft<HostIoState, HostIoEvent> draft, TaskId to) {
    if (to.equals(RELEASE)) {
      draft.state().wanted().ifPresent(wanted -> released(draft, wanted));
      return;
    }
    if (to.equals(EXIT_WORK)) {
      // Nobody waits for it.
      return;
    }
    if (draft.state().operation().orElse(null) instanceof ScriptToHostIo.Unpin(GfnRange range)) {
      if (setup.ofVmm() && longTerm()) {
        draft.send(OPERATION, Endpoint.of(setup.vmm()), new HostIoToVmm.Unregistered(range));
      }
      end(draft, Result.ok());
    } else {
      draft.ignore("no unpin is under way");
    }
  }

  // Death.

  /** Tells the rest of the process; a further thread of the VMM takes the VMM with it. */
  private void tellProcess(Draft<HostIoState, HostIoEvent> draft) {
    for (PartyId sibling : setup.siblings()) {
      draft.send(OPERATION, Endpoint.of(sibling), new VmmToHostIo.ProcessDied());
    }
    if (setup.ofVmm()) {
      draft.send(OPERATION, Endpoint.of(setup.vmm()), new HostIoToVmm.ProcessDied());
    } else {
      draft.send(OPERATION, Endpoint.of(setup.memory()), new ProcessToHostMemory.Exit());
    }
  }

  private void die(Draft<HostIoState, HostIoEvent> draft, Result result) {
    draft.happen(new HostIoEvent.ProcessDied());
    giveAllBack(draft, RELEASE);
    draft.state().wanted().ifPresent(wanted -> released(draft, wanted));
    if (draft.state().operation().isPresent()) {
      end(draft, result);
    }
  }
}
