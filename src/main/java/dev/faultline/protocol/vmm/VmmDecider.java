package dev.faultline.protocol.vmm;

import dev.faultline.protocol.Decided;
import dev.faultline.protocol.Decider;
import dev.faultline.protocol.Draft;
import dev.faultline.protocol.KeptParts;
import dev.faultline.protocol.Parts;
import dev.faultline.protocol.Stimulus;
import dev.faultline.protocol.TaskNumbers;
import dev.faultline.protocol.design.VmmProfile;
import dev.faultline.protocol.design.VmmProfile.VmmAct;
import dev.faultline.protocol.memory.Errno;
import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.IndexRange;
import dev.faultline.protocol.memory.Page;
import dev.faultline.protocol.memory.RangeMap;
import dev.faultline.protocol.message.Access;
import dev.faultline.protocol.message.Endpoint;
import dev.faultline.protocol.message.GmemToProcess;
import dev.faultline.protocol.message.HostIoToVmm;
import dev.faultline.protocol.message.HostMemoryToProcess;
import dev.faultline.protocol.message.IommuToVmm;
import dev.faultline.protocol.message.KvmToProcess;
import dev.faultline.protocol.message.KvmToVmm;
import dev.faultline.protocol.message.Message;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.ProcessToHostMemory;
import dev.faultline.protocol.message.Result;
import dev.faultline.protocol.message.ScriptToVmm;
import dev.faultline.protocol.message.TaskId;
import dev.faultline.protocol.message.ToScript;
import dev.faultline.protocol.message.ToVmm;
import dev.faultline.protocol.message.View;
import dev.faultline.protocol.message.VmmToHostIo;
import dev.faultline.protocol.message.VmmToIommu;
import dev.faultline.protocol.message.VmmToKvm;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** A VMM. {@link #delivered} has a row for each thing it can be told. */
public final class VmmDecider implements Decider<VmmState, ToVmm, VmmEvent> {

  private final PartyId self;
  private final VmmSetup setup;
  private final Conversions conversions;

  public VmmDecider(PartyId self, VmmSetup setup, VmmProfile profile) {
    this.self = self;
    this.setup = setup;
    this.conversions = new Conversions(self, setup, profile);
  }

  @Override
  public VmmState initialState() {
    return new VmmState(KeptParts.EMPTY).withViews(RangeMap.of(setup.ram(), setup.initialView()));
  }

  @Override
  public VmmState state(Parts parts) {
    return new VmmState(parts);
  }

  @Override
  public List<TaskId> movable(VmmState state) {
    return state.tasks().stream().filter(id -> canMove(state, id)).toList();
  }

  @Override
  public boolean canMove(VmmState state, TaskId id) {
    return state.isUnderWay(id)
        && state.task(id) instanceof VmmTask.Conversion conversion
        && conversion.phase() == VmmTask.Phase.PAUSE
        && !state.dead();
  }

  @Override
  public VmmState evolve(VmmState state, VmmEvent event) {
    return state.evolve(event);
  }

  @Override
  public Decided<VmmEvent> decide(
      VmmState state, Stimulus<ToVmm> stimulus, Predicate<TaskId> taken) {
    Draft<VmmState, VmmEvent> draft = new Draft<>(state, VmmState::evolve);
    switch (stimulus) {
      case Stimulus.Delivered<ToVmm>(Endpoint from, TaskId to, ToVmm message) -> {
        if (state.dead()) {
          afterDeath(draft, from, message);
        } else {
          delivered(draft, from, to, message, taken);
        }
      }
      case Stimulus.Advanced<ToVmm>(TaskId task) -> conversions.pauseOver(draft, task);
      case Stimulus.Killed<ToVmm>() -> {
        if (state.dead()) {
          draft.ignore(self + " is dead already");
        } else {
          die(draft);
        }
      }
    }
    return draft.decision();
  }

  private void afterDeath(Draft<VmmState, VmmEvent> draft, Endpoint from, ToVmm message) {
    switch (message) {
      case ScriptToVmm _ -> answerScript(draft, TaskId.NONE, new Result.Died());
      case KvmToVmm exit -> stopVcpu(draft, vcpu(exit));
      case IommuToVmm.Mapped(Result.Ok()) -> dropDma(draft);
      case HostIoToVmm.MapDma _ -> answerDevice(draft, TaskId.NONE, from, true, new Result.Died());
      case HostIoToVmm.UnmapDma _ ->
          answerDevice(draft, TaskId.NONE, from, false, new Result.Died());
      case HostIoToVmm _, KvmToProcess _, GmemToProcess _, HostMemoryToProcess _, IommuToVmm _ -> {}
    }
    draft.ignore(self + " is dead");
  }

  private static TaskId free(Draft<VmmState, VmmEvent> draft, Predicate<TaskId> taken) {
    return TaskNumbers.lowestFree(draft.state()::isUnderWay, taken);
  }

  private void delivered(
      Draft<VmmState, VmmEvent> draft,
      Endpoint from,
      TaskId to,
      ToVmm message,
      Predicate<TaskId> taken) {
    switch (message) {
      // The script.
      case ScriptToVmm.Convert(GfnRange range, View target) ->
          conversions.start(draft, free(draft, taken), new Origin.Script(), range, target);
      case ScriptToVmm.SetFirstView(GfnRange range, View view) ->
          conversions.start(
              draft,
              free(draft, taken),
              new Origin.Script(),
              range,
              view,
              List.of(VmmAct.SET_ATTRIBUTES, VmmAct.RECORD));
      case ScriptToVmm.SetAttributes(long offset, long size, View target) -> {
        TaskId free = free(draft, taken);
        draft.happen(new VmmEvent.TaskStarted(free, new VmmTask.Call(offset, size, target)));
        conversions.call(draft, free, offset, size, target);
      }
      case ScriptToVmm.SetAttributesWith(long offset, long size, long errorOffset, View target) -> {
        TaskId free = free(draft, taken);
        draft.happen(new VmmEvent.TaskStarted(free, new VmmTask.Call(offset, size, target)));
        conversions.call(draft, free, offset, size, errorOffset, target);
      }
      case ScriptToVmm.QueryMappable(GfnRange page) ->
          simple(draft, free(draft, taken), setup.gmem(), conversions.queryMappable(page));
      case ScriptToVmm.PunchHole(GfnRange range) ->
          simple(draft, free(draft, taken), setup.gmem(), conversions.punchHole(range));
      case ScriptToVmm.Allocate(GfnRange range) ->
          simple(draft, free(draft, taken), setup.gmem(), conversions.allocate(range));
      case ScriptToVmm.Touch(GfnRange range, Access access) ->
          simple(
              draft,
              free(draft, taken),
              setup.memory(),
              new ProcessToHostMemory.Touch(range, access));
      case ScriptToVmm.Unmap(GfnRange range) ->
          simple(draft, free(draft, taken), setup.memory(), new ProcessToHostMemory.Unmap(range));

      // Exits.
      case KvmToVmm.HypercallExit(PartyId vcpu, long gpa, long pages, View target) ->
          hypercall(draft, free(draft, taken), vcpu, gpa, pages, target);
      case KvmToVmm.MemoryFaultExit(PartyId vcpu, Errno _, long gpa, long size, View view) -> {
        if (isRange(gpa, size)) {
          conversions.memoryFault(draft, free(draft, taken), vcpu, pages(gpa, size), view);
        } else {
          draft.ignore("a memory fault at no range");
        }
      }
      // Model: the VMM emulates no device, so the vCPU is not run again.
      case KvmToVmm.MmioExit(PartyId vcpu, long _, boolean _) -> stopVcpu(draft, vcpu);
      case KvmToVmm.RunFailed(PartyId vcpu, Errno errno)
          when errno == Errno.EFAULT && conversions.skips() ->
          draft.send(TaskId.NONE, Endpoint.of(setup.kvm()), new VmmToKvm.Skip(vcpu));
      case KvmToVmm.RunFailed(PartyId vcpu, Errno _) -> stopVcpu(draft, vcpu);

      // Answers to its own calls.
      case KvmToProcess.AttributesSet(Result result) -> called(draft, to, result);
      case GmemToProcess.Returned(Result result, var _) -> called(draft, to, result);
      case GmemToProcess.Unblocked(IndexRange range) ->
          conversions.unblocked(
              draft,
              new GfnRange(range.start() + setup.ram().start(), range.end() + setup.ram().start()));
      case HostMemoryToProcess.Touched(Result.Sigbus bus)
          when draft.state().findTask(to).isPresent() -> {
        draft.signal(self + " dies of SIGBUS");
        answerScript(draft, to, bus);
        draft.happen(new VmmEvent.TaskEnded(to));
        die(draft);
      }
      case HostMemoryToProcess.Touched(Result.Sigsegv segv)
          when draft.state().findTask(to).isPresent() -> {
        draft.signal(self + " dies of SIGSEGV");
        answerScript(draft, to, segv);
        draft.happen(new VmmEvent.TaskEnded(to));
        die(draft);
      }
      case HostMemoryToProcess.Touched(Result result) -> called(draft, to, result);
      case HostMemoryToProcess.Unmapped() -> called(draft, to, Result.ok());
      case IommuToVmm.Mapped(Result result) -> dmaDone(draft, to, result);
      case IommuToVmm.Unmapped(Result result) -> dmaDone(draft, to, result);

      // Host users.
      case HostIoToVmm.MapDma(GfnRange range) -> {
        TaskId free = free(draft, taken);
        draft.happen(new VmmEvent.TaskStarted(free, new VmmTask.Dma(from, range, true)));
        draft.send(free, Endpoint.of(setup.iommu()), new VmmToIommu.MapDma(from.party(), range));
      }
      case HostIoToVmm.UnmapDma(GfnRange range) -> {
        TaskId free = free(draft, taken);
        draft.happen(new VmmEvent.TaskStarted(free, new VmmTask.Dma(from, range, false)));
        draft.send(free, Endpoint.of(setup.iommu()), new VmmToIommu.UnmapDma(from.party(), range));
      }
      case HostIoToVmm.Registered(GfnRange range) ->
          draft.happen(new VmmEvent.HoldingAdded(from.party(), range));
      case HostIoToVmm.Unregistered(GfnRange range) ->
          draft.happen(new VmmEvent.HoldingRemoved(from.party(), range));
      case HostIoToVmm.Released(GfnRange range) -> {
        draft.happen(new VmmEvent.HoldingRemoved(from.party(), range));
        conversions.answered(draft, to, Result.ok());
      }
      case HostIoToVmm.ProcessDied() -> die(draft);
    }
  }

  private static PartyId vcpu(KvmToVmm exit) {
    return switch (exit) {
      case KvmToVmm.HypercallExit hypercall -> hypercall.vcpu();
      case KvmToVmm.MemoryFaultExit fault -> fault.vcpu();
      case KvmToVmm.MmioExit mmio -> mmio.vcpu();
      case KvmToVmm.RunFailed failed -> failed.vcpu();
    };
  }

  private static boolean isRange(long gpa, long size) {
    return gpa >= 0 && size >= Page.BYTES && gpa <= Long.MAX_VALUE - size;
  }

  static GfnRange pages(long gpa, long size) {
    return new GfnRange(gpa / Page.BYTES, (gpa + size) / Page.BYTES);
  }

  private void hypercall(
      Draft<VmmState, VmmEvent> draft,
      TaskId free,
      PartyId vcpu,
      long gpa,
      long pageCount,
      View target) {
    boolean whole =
        pageCount <= Long.MAX_VALUE / Page.BYTES && isRange(gpa, pageCount * Page.BYTES);
    if (!whole || !setup.ram().contains(pages(gpa, pageCount * Page.BYTES))) {
      draft.refuse(Errno.EINVAL, "0x" + Long.toHexString(gpa) + " is not all memory");
      draft.send(free, Endpoint.of(setup.kvm()), new VmmToKvm.Run(vcpu, Optional.of(Errno.EINVAL)));
      return;
    }
    conversions.start(
        draft, free, new Origin.Hypercall(vcpu), pages(gpa, pageCount * Page.BYTES), target);
  }

  private void simple(Draft<VmmState, VmmEvent> draft, TaskId id, PartyId whom, Message question) {
    draft.happen(new VmmEvent.TaskStarted(id, new VmmTask.Simple()));
    draft.send(id, Endpoint.of(whom), question);
  }

  /** A call of one of its threads returned. */
  private void called(Draft<VmmState, VmmEvent> draft, TaskId id, Result result) {
    Optional<VmmTask> task = draft.state().findTask(id);
    if (task.isEmpty()) {
      draft.ignore("task " + id + " does not wait for it");
      return;
    }
    switch (task.get()) {
      case VmmTask.Conversion _ -> conversions.answered(draft, id, result);
      case VmmTask.Call(long offset, long size, View target) -> {
        boolean whole = offset % Page.BYTES == 0 && size % Page.BYTES == 0 && size > 0;
        if (result instanceof Result.Ok && whole) {
          draft.happen(new VmmEvent.ViewRecorded(conversions.frames(offset, size), target));
        }
        answerScript(draft, id, result);
        draft.happen(new VmmEvent.TaskEnded(id));
      }
      case VmmTask.Simple() -> {
        answerScript(draft, id, result);
        draft.happen(new VmmEvent.TaskEnded(id));
      }
      case VmmTask.Dma _ -> draft.ignore("task " + id + " made no such call");
    }
  }

  private void dmaDone(Draft<VmmState, VmmEvent> draft, TaskId id, Result result) {
    if (!(draft.state().findTask(id).orElse(null)
        instanceof VmmTask.Dma(Endpoint device, GfnRange range, boolean mapping))) {
      conversions.answered(draft, id, result);
      return;
    }
    if (result instanceof Result.Ok) {
      draft.happen(
          mapping
              ? new VmmEvent.HoldingAdded(device.party(), range)
              : new VmmEvent.HoldingRemoved(device.party(), range));
    }
    answerDevice(draft, id, device, mapping, result);
    draft.happen(new VmmEvent.TaskEnded(id));
  }

  private static void answerDevice(
      Draft<VmmState, VmmEvent> draft, TaskId id, Endpoint device, boolean mapping, Result result) {
    draft.send(
        id,
        device,
        mapping ? new VmmToHostIo.DmaMapped(result) : new VmmToHostIo.DmaUnmapped(result));
  }

  private void answerScript(Draft<VmmState, VmmEvent> draft, TaskId id, Result result) {
    draft.send(id, Endpoint.of(self), new ToScript.Answered(result));
  }

  private void stopVcpu(Draft<VmmState, VmmEvent> draft, PartyId vcpu) {
    draft.happen(new VmmEvent.VcpuStopped(vcpu));
    draft.send(TaskId.NONE, Endpoint.of(setup.kvm()), new VmmToKvm.Stop(vcpu));
  }

  // Death: vCPUs stop, threads die, the address space goes, then files: DMA mappings, pins. Model:
  // each is told at once, so a pin may be gone before the address space; in do_exit, exit_mm is
  // first.

  private void die(Draft<VmmState, VmmEvent> draft) {
    draft.happen(new VmmEvent.ProcessDied());
    for (TaskId id : draft.state().tasks()) {
      switch (draft.state().task(id)) {
        case VmmTask.Conversion conversion -> {
          switch (conversion.origin()) {
            case Origin.Hypercall(PartyId vcpu) -> stopVcpu(draft, vcpu);
            case Origin.MemoryFault(PartyId vcpu) -> stopVcpu(draft, vcpu);
            case Origin.Script() -> answerScript(draft, id, new Result.Died());
          }
        }
        case VmmTask.Call _, VmmTask.Simple _ -> answerScript(draft, id, new Result.Died());
        case VmmTask.Dma(Endpoint device, GfnRange _, boolean mapping) ->
            answerDevice(draft, id, device, mapping, new Result.Died());
      }
      draft.happen(new VmmEvent.TaskEnded(id));
    }
    for (PartyId part : setup.parts()) {
      draft.send(TaskId.NONE, Endpoint.of(part), new VmmToHostIo.ProcessDied());
    }
    draft.send(TaskId.NONE, Endpoint.of(setup.kvm()), new VmmToKvm.ProcessEnded());
    draft.send(TaskId.NONE, Endpoint.of(setup.memory()), new ProcessToHostMemory.Exit());
    dropDma(draft);
  }

  private void dropDma(Draft<VmmState, VmmEvent> draft) {
    draft.send(TaskId.NONE, Endpoint.of(setup.iommu()), new VmmToIommu.UnmapDma(self, setup.ram()));
  }
}
