package dev.faultline.protocol.kvm;

import dev.faultline.protocol.Decided;
import dev.faultline.protocol.Decider;
import dev.faultline.protocol.Draft;
import dev.faultline.protocol.KeptParts;
import dev.faultline.protocol.Parts;
import dev.faultline.protocol.Stimulus;
import dev.faultline.protocol.TaskNumbers;
import dev.faultline.protocol.design.ArgumentCheck;
import dev.faultline.protocol.design.ArgumentCheck.When;
import dev.faultline.protocol.design.Mode;
import dev.faultline.protocol.design.Revision;
import dev.faultline.protocol.design.Site;
import dev.faultline.protocol.memory.Errno;
import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.IndexRange;
import dev.faultline.protocol.memory.Page;
import dev.faultline.protocol.message.Access;
import dev.faultline.protocol.message.AnchorToKvm;
import dev.faultline.protocol.message.Endpoint;
import dev.faultline.protocol.message.GmemToKvm;
import dev.faultline.protocol.message.GuestToKvm;
import dev.faultline.protocol.message.HostMemoryToKvm;
import dev.faultline.protocol.message.InvalidationAnswer;
import dev.faultline.protocol.message.KvmToGuest;
import dev.faultline.protocol.message.KvmToProcess;
import dev.faultline.protocol.message.KvmToVmm;
import dev.faultline.protocol.message.PagesAnswer;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.ProcessToKvm;
import dev.faultline.protocol.message.Result;
import dev.faultline.protocol.message.TaskId;
import dev.faultline.protocol.message.TdvmcallStatus;
import dev.faultline.protocol.message.ToKvm;
import dev.faultline.protocol.message.View;
import dev.faultline.protocol.message.VmmToKvm;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;

/**
 * A VM of KVM (virt/kvm/kvm_main.c, arch/x86/kvm). {@link #delivered} has a row for each thing it
 * can be told.
 */
public final class KvmDecider implements Decider<KvmState, ToKvm, KvmEvent> {

  private final Revision revision;
  private final Mode mode;
  private final KvmSetup setup;
  private final KvmTasks tasks;

  public KvmDecider(Revision revision, Mode mode, KvmSetup setup) {
    this.revision = revision;
    this.mode = mode;
    this.setup = setup;
    this.tasks = new KvmTasks(revision, mode, setup);
  }

  @Override
  public KvmState initialState() {
    return new KvmState(KeptParts.EMPTY);
  }

  @Override
  public KvmState state(Parts parts) {
    return new KvmState(parts);
  }

  @Override
  public List<TaskId> movable(KvmState state) {
    return state.tasks().stream().filter(id -> tasks.canMove(state, id)).toList();
  }

  @Override
  public boolean canMove(KvmState state, TaskId id) {
    return state.isUnderWay(id) && tasks.canMove(state, id);
  }

  @Override
  public KvmState evolve(KvmState state, KvmEvent event) {
    return state.evolve(event);
  }

  @Override
  public Decided<KvmEvent> decide(
      KvmState state, Stimulus<ToKvm> stimulus, Predicate<TaskId> taken) {
    Draft<KvmState, KvmEvent> draft = new Draft<>(state, KvmState::evolve);
    return switch (stimulus) {
      case Stimulus.Delivered<ToKvm>(Endpoint from, TaskId to, ToKvm message) -> {
        Optional<String> unexpected = unexpected(state, from, to, message);
        if (unexpected.isPresent()) {
          draft.ignore(unexpected.get());
        } else {
          delivered(draft, from, to, message, taken);
        }
        yield draft.decision();
      }
      case Stimulus.Advanced<ToKvm>(TaskId task) -> tasks.advance(draft, task);
      case Stimulus.Killed<ToKvm>() -> {
        draft.ignore("a VM is no process");
        yield draft.decision();
      }
    };
  }

  /** Why a message can mean nothing to this VM now: nobody waits for it, or a stranger sent it. */
  private Optional<String> unexpected(KvmState state, Endpoint from, TaskId to, ToKvm message) {
    Optional<KvmWork> waiting = state.findTask(to).filter(KvmTask::waiting).map(KvmTask::work);
    return switch (message) {
      case GuestToKvm _ -> unknown(from.party()).or(() -> inKvm(state, from.party()));
      case VmmToKvm.Run run -> unknown(run.vcpu());
      case VmmToKvm.Stop stop -> unknown(stop.vcpu());
      case VmmToKvm.Skip skip -> unknown(skip.vcpu());
      case GmemToKvm.InvalidateBegin(IndexRange range, List<View> _) ->
          unbound(from.party(), range);
      case GmemToKvm.InvalidateEnd(IndexRange range) -> unbound(from.party(), range);
      case GmemToKvm.AttributeRead(IndexRange range, View _) ->
          unbound(from.party(), range)
              .or(() -> isAwaited(waiting.filter(KvmDecider::readsAttribute), to));
      case PagesAnswer.Got _, PagesAnswer.NotGot _, PagesAnswer.Transferred _ ->
          isAwaited(waiting.filter(KvmDecider::isFaulting), to);
      case GmemToKvm.Agreed _, GmemToKvm.Noted _ ->
          isAwaited(waiting.filter(work -> work instanceof KvmWork.AttributeChange), to);
      case AnchorToKvm _ ->
          isAwaited(
              waiting.filter(
                  work ->
                      isFaulting(work) || Zaps.zapping(work).filter(Zapping::asked).isPresent()),
              to);
      case VmmToKvm.FlushSlot _, VmmToKvm.ProcessEnded _, ProcessToKvm _, HostMemoryToKvm _ ->
          Optional.empty();
      case PagesAnswer.Put() ->
          isAwaited(
              waiting.filter(
                  work ->
                      work instanceof KvmWork.GuestAccess access
                          && access.phase() == KvmWork.Phase.PUT),
              to);
    };
  }

  private static boolean isFaulting(KvmWork work) {
    return work instanceof KvmWork.GuestAccess access
        && (access.phase() == KvmWork.Phase.FAULT || access.phase() == KvmWork.Phase.UNDER_WAY);
  }

  private static boolean readsAttribute(KvmWork work) {
    return work instanceof KvmWork.GuestAccess access
        && (access.phase() == KvmWork.Phase.VIEW || access.phase() == KvmWork.Phase.FAULT);
  }

  private Optional<String> unbound(PartyId gmem, IndexRange pages) {
    return setup.slotOf(gmem, pages).isPresent()
        ? Optional.empty()
        : Optional.of(pages + " of " + gmem + " is bound to no slot");
  }

  private GfnRange frames(Endpoint gmem, IndexRange pages) {
    return setup.slotOf(gmem.party(), pages).orElseThrow().frames(pages);
  }

  private Optional<String> unknown(PartyId vcpu) {
    return setup.vcpus().contains(vcpu)
        ? Optional.empty()
        : Optional.of(vcpu + " is no vCPU of this VM");
  }

  private Optional<String> inKvm(KvmState state, PartyId vcpu) {
    return state.findTask(vcpuTask(vcpu)).map(_ -> vcpu + " is not in the guest");
  }

  private static Optional<String> isAwaited(Optional<KvmWork> work, TaskId to) {
    return work.isPresent()
        ? Optional.empty()
        : Optional.of("task " + to + " does not wait for it");
  }

  private void delivered(
      Draft<KvmState, KvmEvent> draft,
      Endpoint from,
      TaskId to,
      ToKvm message,
      Predicate<TaskId> taken) {
    switch (message) {
      // The guest.
      case GuestToKvm.Touch(GfnRange range, View view, Access access) ->
          tasks.accesses().touch(draft, from, vcpuTask(from.party()), range, view, access);
      case GuestToKvm.MapGpa(long gpa, long size, View target) ->
          mapGpa(draft, from, gpa, size, target);

      // The VMM.
      case VmmToKvm.Run(PartyId vcpu, Optional<Errno> ret) -> run(draft, vcpu, ret);
      case VmmToKvm.Stop(PartyId vcpu) -> stop(draft, vcpu);
      case VmmToKvm.Skip(PartyId vcpu) -> skip(draft, vcpu);
      case VmmToKvm.FlushSlot(GfnRange gfns) -> {
        for (View view : View.values()) {
          if (!draft.state().mmu(view).runs(gfns).isEmpty()) {
            draft.happen(new KvmEvent.Zapped(gfns, view));
          }
        }
      }
      case VmmToKvm.ProcessEnded() -> {
        if (draft.state().dead().isEmpty()) {
          draft.happen(new KvmEvent.VmDied(Errno.EIO));
        }
      }
      case ProcessToKvm.SetMemoryAttributes(long address, long size, View target) ->
          setAttributes(draft, from, address, size, target, taken);

      // The inode.
      case GmemToKvm.AttributeRead(IndexRange range, View view) ->
          tasks.accesses().attributeRead(draft, to, frames(from, range), view);
      case GmemToKvm.InvalidateBegin(IndexRange range, List<View> kinds) ->
          tasks.invoked(
              draft,
              from,
              new KvmWork.Invalidation(frames(from, range), kinds, Optional.empty()),
              freeTask(draft, taken));
      case GmemToKvm.InvalidateEnd(IndexRange range) ->
          tasks.invoked(
              draft,
              from,
              new KvmWork.InvalidationEnd(frames(from, range)),
              freeTask(draft, taken));
      case GmemToKvm.Agreed(Result result) -> tasks.agreed(draft, to, result);
      case GmemToKvm.Noted() -> tasks.noted(draft, to);

      // The address space that its memslots lie in.
      case HostMemoryToKvm.InvalidateRangeStart(GfnRange range) -> {
        Optional<GfnRange> shown = shown(from.party(), range);
        if (shown.isPresent()) {
          tasks.invoked(
              draft,
              from,
              new KvmWork.Invalidation(shown.get(), List.of(View.SHARED), Optional.empty()),
              freeTask(draft, taken));
        } else {
          draft.send(TaskId.NONE, from, new InvalidationAnswer.Begun(List.of()));
        }
      }
      case HostMemoryToKvm.InvalidateRangeEnd(GfnRange range) -> {
        Optional<GfnRange> shown = shown(from.party(), range);
        if (shown.isPresent()) {
          tasks.invoked(
              draft, from, new KvmWork.InvalidationEnd(shown.get()), freeTask(draft, taken));
        } else {
          draft.send(TaskId.NONE, from, new InvalidationAnswer.Ended());
        }
      }

      // Pages, from the inode or through the VMM's mapping.
      case PagesAnswer.Got got -> tasks.accesses().gotPages(draft, to, got.pages());
      case PagesAnswer.NotGot(Errno errno) -> tasks.accesses().notGotPages(draft, to, errno);
      case PagesAnswer.Transferred(Result result) ->
          tasks.accesses().transferred(draft, to, result);
      case PagesAnswer.Put() -> tasks.accesses().pagesPut(draft, to);

      // The trust anchor.
      case AnchorToKvm answer -> tasks.anchorAnswered(draft, to, answer);
    }
  }

  /**
   * The guest frames that show pages of an address space. Model: where several slots show some,
   * what lies between them is invalidated too.
   */
  private Optional<GfnRange> shown(PartyId memory, GfnRange pages) {
    return setup.slots().stream()
        .filter(slot -> slot.memory().equals(memory))
        .flatMap(slot -> slot.ofUser(pages).stream())
        .reduce(GfnRange::hull);
  }

  private TaskId vcpuTask(PartyId vcpu) {
    int index = setup.vcpus().indexOf(vcpu);
    if (index < 0) {
      throw new IllegalStateException(vcpu + " is no vCPU of this VM");
    }
    return new TaskId(index + 1);
  }

  /** A number beyond those of the vCPUs. */
  private TaskId freeTask(Draft<KvmState, KvmEvent> draft, Predicate<TaskId> taken) {
    return TaskNumbers.lowestFree(
        id -> id.number() <= setup.vcpus().size() || draft.state().isUnderWay(id), taken);
  }

  /**
   * tdx_map_gpa, snp_begin_psc, snp_begin_psc_msr. Model: no interrupt is ever pending between two
   * pieces.
   *
   * <p>Answers SUBFUNC_UNSUPPORTED where the mode has no such exit; INVALID_OPERAND for a range
   * that is empty, wraps, lies beyond the address width or is longer than a request can be;
   * ALIGN_ERROR for one that is not page-aligned.
   */
  private void mapGpa(
      Draft<KvmState, KvmEvent> draft, Endpoint from, long gpa, long size, View target) {
    long end = gpa + size;
    if (mode.conversion().host() == Mode.Host.NEVER) {
      draft.refuse(Errno.EOPNOTSUPP, "KVM_HC_MAP_GPA_RANGE does not exit in mode " + mode.name());
      mapGpaReturns(draft, from, TdvmcallStatus.SUBFUNC_UNSUPPORTED, gpa);
      return;
    }
    if (gpa < 0
        || size < 0
        || end <= gpa
        || end > 1L << mode.guestAddressBits()
        || size > mode.conversion().requestBytes()) {
      String reason = "MapGPA 0x" + Long.toHexString(gpa) + " + 0x" + Long.toHexString(size);
      draft.refuse(Errno.EINVAL, reason + " is no guest physical range");
      mapGpaReturns(draft, from, TdvmcallStatus.INVALID_OPERAND, gpa);
      return;
    }
    if (gpa % Page.BYTES != 0 || size % Page.BYTES != 0) {
      draft.refuse(Errno.EINVAL, "MapGPA 0x" + Long.toHexString(gpa) + " is not page-aligned");
      mapGpaReturns(draft, from, TdvmcallStatus.ALIGN_ERROR, gpa);
      return;
    }
    if (tasks.accesses().isDead(draft, from, vcpuTask(from.party()))) {
      return;
    }
    TaskId id = vcpuTask(from.party());
    KvmWork.MapGpa work = new KvmWork.MapGpa(from.party(), gpa, end, target);
    draft.happen(new KvmEvent.TaskStarted(id, KvmTask.start(from, work).wait(true)));
    exit(draft, id, work);
  }

  private void mapGpaReturns(
      Draft<KvmState, KvmEvent> draft, Endpoint vcpu, TdvmcallStatus status, long gpa) {
    draft.send(vcpuTask(vcpu.party()), vcpu, new KvmToGuest.MapGpaReturned(status, gpa));
  }

  /** __tdx_map_gpa: the next piece, from the address itself and not from a multiple of its size. */
  private void exit(Draft<KvmState, KvmEvent> draft, TaskId id, KvmWork.MapGpa work) {
    long size = Math.min(mode.conversion().exitBytes(), work.end() - work.gpa());
    draft.send(
        id,
        Endpoint.of(setup.vmm()),
        new KvmToVmm.HypercallExit(work.vcpu(), work.gpa(), size / Page.BYTES, work.target()));
  }

  private void run(Draft<KvmState, KvmEvent> draft, PartyId vcpu, Optional<Errno> ret) {
    TaskId id = vcpuTask(vcpu);
    Optional<KvmTask> task = draft.state().findTask(id);
    if (task.isEmpty()) {
      draft.ignore(vcpu + " is not out of the guest");
      return;
    }
    switch (task.get().work()) {
      case KvmWork.MapGpa _ when draft.state().dead().isPresent() -> {
        // kvm_vcpu_ioctl: a dead VM answers before anything else.
        Errno dead = draft.state().dead().get();
        draft.refuse(dead, "the VM is dead");
        draft.send(id, Endpoint.of(setup.vmm()), new KvmToVmm.RunFailed(vcpu, dead));
      }
      case KvmWork.MapGpa work -> mapGpaDone(draft, id, task.get().caller(), work, ret);
      case KvmWork.GuestAccess access -> tasks.accesses().reenter(draft, id, access);
      case KvmWork.AttributeChange _, KvmWork.Invalidation _, KvmWork.InvalidationEnd _ ->
          throw new IllegalStateException("task " + id + " is no vCPU's");
    }
  }

  /** tdx_complete_vmcall_map_gpa, snp_complete_psc. */
  private void mapGpaDone(
      Draft<KvmState, KvmEvent> draft,
      TaskId id,
      Endpoint vcpu,
      KvmWork.MapGpa work,
      Optional<Errno> ret) {
    if (ret.isEmpty() || mode.conversion().host() == Mode.Host.TOLD) {
      long next = work.gpa() + mode.conversion().exitBytes();
      if (next >= work.end()) {
        mapGpaReturns(draft, vcpu, TdvmcallStatus.SUCCESS, work.end());
        draft.happen(new KvmEvent.TaskEnded(id));
        return;
      }
      KvmWork.MapGpa rest = new KvmWork.MapGpa(work.vcpu(), next, work.end(), work.target());
      draft.happen(new KvmEvent.TaskProceeded(id, draft.state().task(id).with(rest)));
      exit(draft, id, rest);
      return;
    }
    switch (ret.get()) {
      case EAGAIN -> {
        mapGpaReturns(draft, vcpu, refusal(TdvmcallStatus.RETRY), work.gpa());
        draft.happen(new KvmEvent.TaskEnded(id));
      }
      case EINVAL -> {
        mapGpaReturns(draft, vcpu, refusal(TdvmcallStatus.INVALID_OPERAND), work.gpa());
        draft.happen(new KvmEvent.TaskEnded(id));
      }
      case EPERM,
          ENOENT,
          EINTR,
          EIO,
          E2BIG,
          EBADF,
          ENOMEM,
          EACCES,
          EFAULT,
          EBUSY,
          EEXIST,
          ENODEV,
          ENOSPC,
          ENOTTY,
          EOPNOTSUPP,
          EHWPOISON -> {
        String reason = "hypercall.ret " + ret.get() + " is none of 0, EAGAIN, EINVAL";
        draft.refuse(Errno.EINVAL, reason);
        draft.send(id, Endpoint.of(setup.vmm()), new KvmToVmm.RunFailed(work.vcpu(), Errno.EINVAL));
      }
    }
  }

  /** What the guest learns of a refused piece: how and where, or only that. */
  private TdvmcallStatus refusal(TdvmcallStatus named) {
    return mode.conversion().namesAddress() ? named : TdvmcallStatus.ERROR_GENERIC;
  }

  private void stop(Draft<KvmState, KvmEvent> draft, PartyId vcpu) {
    TaskId id = vcpuTask(vcpu);
    Optional<KvmTask> task = draft.state().findTask(id);
    if (task.isEmpty()) {
      draft.ignore(vcpu + " is not out of the guest");
      return;
    }
    Result result =
        switch (task.get().work()) {
          case KvmWork.GuestAccess access when draft.state().dead().isEmpty() ->
              task.get().refusal().orElse(new Result.MemoryFault(access.view()));
          case KvmWork.GuestAccess _, KvmWork.MapGpa _ ->
              new Result.VmDead(draft.state().dead().orElse(Errno.EINVAL));
          case KvmWork.AttributeChange _, KvmWork.Invalidation _, KvmWork.InvalidationEnd _ ->
              throw new IllegalStateException("task " + id + " is no vCPU's");
        };
    draft.send(id, task.get().caller(), new KvmToGuest.Stopped(result));
    draft.happen(new KvmEvent.TaskEnded(id));
  }

  private void skip(Draft<KvmState, KvmEvent> draft, PartyId vcpu) {
    TaskId id = vcpuTask(vcpu);
    Optional<KvmTask> task = draft.state().findTask(id);
    if (task.isEmpty() || !isOutOfAccess(task.get())) {
      draft.ignore(vcpu + " is not out of the guest for an access");
      return;
    }
    if (draft.state().dead().isPresent()) {
      stop(draft, vcpu);
      return;
    }
    draft.send(id, task.get().caller(), new KvmToGuest.Touched(task.get().refusal().orElseThrow()));
    draft.happen(new KvmEvent.TaskEnded(id));
  }

  private static boolean isOutOfAccess(KvmTask task) {
    return task.refusal().isPresent()
        && task.work() instanceof KvmWork.GuestAccess access
        && access.phase() == KvmWork.Phase.EXITED;
  }

  private void setAttributes(
      Draft<KvmState, KvmEvent> draft,
      Endpoint from,
      long address,
      long size,
      View target,
      Predicate<TaskId> taken) {
    // kvm_vm_ioctl: another address space than kvm->mm, or a dead VM.
    if (!from.party().equals(setup.vmm()) && !setup.sharesMemory().contains(from.party())) {
      refuseAttributes(draft, from, Errno.EIO, "the VM is of another address space");
      return;
    }
    if (draft.state().dead().isPresent()) {
      refuseAttributes(draft, from, Errno.EIO, "the VM is dead");
      return;
    }
    if (revision.call().site() != Site.KVM) {
      attributesOfFile(draft, from, address, size, target);
      return;
    }
    if (target == View.PRIVATE && !mode.privateMemory()) {
      refuseAttributes(draft, from, Errno.EINVAL, "this type of VM has no private memory");
      return;
    }
    Optional<ArgumentCheck> decides =
        revision.decidingCheck(new ArgumentCheck.Arguments(address, size, 0, OptionalLong.empty()));
    if (decides.isPresent() && decides.get().errno().isEmpty()) {
      draft.send(TaskId.NONE, from, new KvmToProcess.AttributesSet(Result.ok()));
      return;
    }
    if (decides.isPresent()) {
      refuseAttributes(
          draft,
          from,
          decides.get().errno().get(),
          "0x" + Long.toHexString(address) + " + 0x" + Long.toHexString(size) + " is no range");
      return;
    }
    GfnRange range =
        new GfnRange(
            Long.divideUnsigned(address, Page.BYTES),
            Long.divideUnsigned(address + size, Page.BYTES));
    draft.happen(
        new KvmEvent.TaskStarted(
            freeTask(draft, taken),
            KvmTask.start(from, new KvmWork.AttributeChange(range, target, Optional.empty()))));
  }

  /**
   * The call on a VM whose attributes are the file's (gmem_in_place_conversion): it supports no
   * attribute, so PRIVATE is EINVAL, and to clear all of them changes nothing.
   */
  private void attributesOfFile(
      Draft<KvmState, KvmEvent> draft, Endpoint from, long address, long size, View target) {
    if (target == View.PRIVATE) {
      refuseAttributes(
          draft, from, Errno.EINVAL, "attributes are the file's in " + revision.name());
    } else if (When.SIZE_ZERO_OR_WRAPS.holds(address, size, OptionalLong.empty())
        || When.UNALIGNED.holds(address, size, OptionalLong.empty())) {
      refuseAttributes(
          draft,
          from,
          Errno.EINVAL,
          "0x" + Long.toHexString(address) + " + 0x" + Long.toHexString(size) + " is no range");
    } else {
      draft.send(TaskId.NONE, from, new KvmToProcess.AttributesSet(Result.ok()));
    }
  }

  private static void refuseAttributes(
      Draft<KvmState, KvmEvent> draft, Endpoint to, Errno errno, String reason) {
    draft.refuse(errno, reason);
    draft.send(TaskId.NONE, to, new KvmToProcess.AttributesSet(Result.failed(errno)));
  }
}
