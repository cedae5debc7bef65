package dev.faultline.protocol.kvm;

import dev.faultline.protocol.Chance;
import dev.faultline.protocol.Choice;
import dev.faultline.protocol.Decided;
import dev.faultline.protocol.Draft;
import dev.faultline.protocol.design.Act;
import dev.faultline.protocol.design.Instruction;
import dev.faultline.protocol.design.Lock;
import dev.faultline.protocol.design.LockMode;
import dev.faultline.protocol.design.Mode;
import dev.faultline.protocol.design.Operation;
import dev.faultline.protocol.design.Program;
import dev.faultline.protocol.design.Revision;
import dev.faultline.protocol.design.SharedPages;
import dev.faultline.protocol.design.Stage;
import dev.faultline.protocol.memory.Errno;
import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.PfnRange;
import dev.faultline.protocol.message.AnchorToKvm;
import dev.faultline.protocol.message.Endpoint;
import dev.faultline.protocol.message.InvalidationAnswer;
import dev.faultline.protocol.message.KvmToGmem;
import dev.faultline.protocol.message.KvmToProcess;
import dev.faultline.protocol.message.Result;
import dev.faultline.protocol.message.TaskId;
import dev.faultline.protocol.message.View;
import java.util.List;
import java.util.Optional;

/** Which CPU in KVM can move, how it walks the list of its operation, and a row for each act. */
final class KvmTasks {

  private static final Program BEGIN =
      Program.of(List.of(Stage.Do.of(new Act.InvalidateGuestBegin(Act.Kinds.ALL))));
  private static final Program END = Program.of(List.of(Stage.Do.of(new Act.InvalidateGuestEnd())));

  private final Revision revision;
  private final KvmSetup setup;
  private final Zaps zaps;
  private final GuestAccesses accesses;

  KvmTasks(Revision revision, Mode mode, KvmSetup setup) {
    this.revision = revision;
    this.setup = setup;
    this.zaps = new Zaps(mode, setup, this);
    this.accesses = new GuestAccesses(mode, setup, this, zaps);
  }

  Program program(KvmWork work) {
    return switch (work) {
      case KvmWork.GuestAccess _ -> revision.program(Operation.GUEST_FAULT);
      case KvmWork.AttributeChange change ->
          revision.program(
              change.target() == View.PRIVATE
                  ? Operation.CONVERT_TO_PRIVATE
                  : Operation.CONVERT_TO_SHARED);
      case KvmWork.Invalidation _ -> BEGIN;
      case KvmWork.InvalidationEnd _ -> END;
      case KvmWork.MapGpa _ -> throw new IllegalStateException("MapGPA walks no list");
    };
  }

  /** Whether a guest fault reads attributes of the inode, or of the VM. */
  boolean attributesOfInode() {
    return revision.program(Operation.GUEST_FAULT).acts().stream()
        .anyMatch(act -> act instanceof Act.ReadAttribute(boolean ofInode) && ofInode);
  }

  /** The accesses of guests under way. */
  GuestAccesses accesses() {
    return accesses;
  }

  // Which tasks can move.

  boolean canMove(KvmState state, TaskId id) {
    KvmTask task = state.task(id);
    if (task.waiting()) {
      return false;
    }
    return switch (program(task.work()).at(task.at())) {
      case Instruction.Acquire(Lock lock, LockMode mode) -> state.lock(lock).allows(mode);
      case Instruction.Perform(Act act, int _, int _) ->
          !takesMmuLock(act) || state.lock(Lock.MMU).allows(LockMode.EXCLUSIVE);
      case Instruction.Release _, Instruction.Return _ -> true;
    };
  }

  /** Acts that take mmu_lock themselves, as kvm_mmu_invalidate_begin's callers do. */
  private static boolean takesMmuLock(Act act) {
    return act instanceof Act.InvalidateGuestBegin || act instanceof Act.InvalidateGuestEnd;
  }

  // One step of a task.

  Decided<KvmEvent> advance(Draft<KvmState, KvmEvent> draft, TaskId id) {
    Optional<KvmTask> found = draft.state().findTask(id);
    if (found.isEmpty() || !canMove(draft.state(), id)) {
      draft.ignore("task " + id + " cannot move");
      return draft.decision();
    }
    KvmTask task = found.get();
    if (program(task.work()).at(task.at()) instanceof Instruction.Perform(Act act, int _, int _)
        && act instanceof Act.Preallocate(Errno fails, boolean _)
        && setup.open().contains(Chance.ALLOCATION_FAILS)) {
      Draft<KvmState, KvmEvent> failing = new Draft<>(draft.state(), KvmState::evolve);
      step(draft, id);
      refuse(failing, id, Result.failed(fails), "no memory to reserve attributes");
      return new Choice<>(
          List.of(
              new Choice.Alternative<>("allocated", draft.decision()),
              new Choice.Alternative<>(Chance.ALLOCATION_FAILS.word(), failing.decision())));
    }
    step(draft, id);
    return draft.decision();
  }

  private void step(Draft<KvmState, KvmEvent> draft, TaskId id) {
    KvmTask task = draft.state().task(id);
    switch (program(task.work()).at(task.at())) {
      case Instruction.Acquire(Lock lock, LockMode lockMode) -> {
        draft.happen(new KvmEvent.LockTaken(id, lock, lockMode));
        settle(draft, id, task.at() + 1);
      }
      case Instruction.Perform(Act act, int _, int _) -> perform(draft, id, task, act);
      case Instruction.Return() -> accesses.touchAgain(draft, id);
      case Instruction.Release _ ->
          throw new IllegalStateException("a task stands at a release: " + task);
    }
  }

  /** The inode calls: done within its delivery where mmu_lock is free, otherwise by a task. */
  void invoked(Draft<KvmState, KvmEvent> draft, Endpoint caller, KvmWork work, TaskId id) {
    draft.happen(new KvmEvent.TaskStarted(id, KvmTask.start(caller, work)));
    if (canMove(draft.state(), id)) {
      step(draft, id);
    }
  }

  static void proceed(Draft<KvmState, KvmEvent> draft, TaskId id, KvmTask task) {
    if (!draft.state().task(id).equals(task)) {
      draft.happen(new KvmEvent.TaskProceeded(id, task));
    }
  }

  void next(Draft<KvmState, KvmEvent> draft, TaskId id) {
    settle(draft, id, draft.state().task(id).at() + 1);
  }

  void await(Draft<KvmState, KvmEvent> draft, TaskId id) {
    proceed(draft, id, draft.state().task(id).wait(true));
  }

  void refuse(Draft<KvmState, KvmEvent> draft, TaskId id, Result result, String reason) {
    draft.refuse(result instanceof Result.Failed failed ? failed.errno() : Errno.EFAULT, reason);
    KvmTask task = draft.state().task(id);
    proceed(draft, id, task.refused(result).wait(false));
    if (program(task.work()).at(task.at())
        instanceof Instruction.Perform(Act _, int onRefusal, int _)) {
      settle(draft, id, onRefusal);
    }
  }

  /** Moves a task to a position, letting go of locks on the way; ends it where nothing is left. */
  void settle(Draft<KvmState, KvmEvent> draft, TaskId id, int position) {
    KvmTask task = draft.state().task(id);
    Program program = program(task.work());
    int at = position;
    while (program.at(at) instanceof Instruction.Release(Lock lock)) {
      draft.happen(new KvmEvent.LockReleased(id, lock));
      at++;
    }
    if (!(program.at(at) instanceof Instruction.Return)) {
      proceed(draft, id, task.at(at));
      return;
    }
    switch (task.work()) {
      case KvmWork.GuestAccess access when task.refusal().isEmpty() -> {
        KvmTask done = task.at(at);
        if (!accesses.putsPages(draft, id, done, access)) {
          proceed(draft, id, done.with(access.pages(List.of(), false)));
        }
      }
      case KvmWork.GuestAccess access -> accesses.exitWithFault(draft, id, task, access);
      case KvmWork.AttributeChange _ -> {
        Result result = task.refusal().orElse(Result.ok());
        draft.send(id, task.caller(), new KvmToProcess.AttributesSet(result));
        draft.happen(new KvmEvent.TaskEnded(id));
      }
      case KvmWork.Invalidation invalidation -> {
        List<PfnRange> destroyed = invalidation.zapping().map(Zapping::destroyed).orElse(List.of());
        draft.send(id, task.caller(), new InvalidationAnswer.Begun(destroyed));
        draft.happen(new KvmEvent.TaskEnded(id));
      }
      case KvmWork.InvalidationEnd _ -> {
        draft.send(id, task.caller(), new InvalidationAnswer.Ended());
        draft.happen(new KvmEvent.TaskEnded(id));
      }
      case KvmWork.MapGpa _ -> throw new IllegalStateException("MapGPA walks no list");
    }
  }

  // The acts.

  private void perform(Draft<KvmState, KvmEvent> draft, TaskId id, KvmTask task, Act act) {
    switch (act) {
      case Act.DoneIfUnchanged() -> {
        KvmWork.AttributeChange change = change(task);
        if (draft.state().isAll(change.range(), change.target())) {
          settle(draft, id, wayOut(task));
        } else {
          next(draft, id);
        }
      }
      case Act.Preallocate _ -> next(draft, id);
      case Act.InvalidateGuestBegin(Act.Kinds kinds) -> zaps.begin(draft, id, task, kinds);
      case Act.InvalidateGuestEnd() -> {
        if (draft.state().inProgress().count() == 0) {
          // kvm_mmu_invalidate_end: KVM_BUG_ON(kvm->mmu_invalidate_in_progress < 0, kvm).
          draft.refuse(Errno.EIO, "an invalidation ends that has not begun: KVM_BUG_ON");
          draft.happen(new KvmEvent.VmDied(Errno.EIO));
        } else {
          draft.happen(new KvmEvent.InvalidationEnded(range(task.work())));
        }
        next(draft, id);
      }
      case Act.StoreAttributes() -> {
        KvmWork.AttributeChange change = change(task);
        draft.happen(new KvmEvent.AttributesStored(change.range(), change.target()));
        next(draft, id);
      }
      case Act.AskInode() -> askInode(draft, id, change(task));
      case Act.SnapshotInvalidations() -> {
        proceed(draft, id, task.with(access(task).stale(false)));
        next(draft, id);
      }
      case Act.ReadAttribute(boolean ofInode) ->
          accesses.readAttribute(draft, id, task, access(task), ofInode);
      case Act.CompareView() -> accesses.compareView(draft, id, access(task));
      case Act.GetPage(SharedPages shared) ->
          accesses.getPage(draft, id, task, access(task), shared);
      case Act.CheckStale() -> accesses.checkStale(draft, id, task, access(task));
      case Act.InstallMapping() -> accesses.installMapping(draft, id, access(task));
      case Act.UnmapHost _,
          Act.ConvertPageByPage _,
          Act.DrainBatches _,
          Act.CheckReferences _,
          Act.CheckMappedOrPinned _,
          Act.ForbidHostFaults _,
          Act.AllowHostFaults _,
          Act.ClearUptodate _,
          Act.TellMappable _,
          Act.ListDifferences _,
          Act.StoreItems _,
          Act.RollBackItems _,
          Act.ClearMappable _,
          Act.RegisterCallbacks _,
          Act.PutFolios _,
          Act.WaitForCallbacks _,
          Act.CancelCallbacks _,
          Act.SettleUnreferenced _,
          Act.DeferToWorker _,
          Act.CompletePending _,
          Act.RemovePages _,
          Act.RefusePrivate _,
          Act.RefusePending _,
          Act.RefuseForbidden _,
          Act.GetFolio _,
          Act.ZeroIfNew _,
          Act.MapPage _,
          Act.ReadMapping _,
          Act.TakeReference _,
          Act.ReadMappingAgain _,
          Act.FaultIn _,
          Act.TakeMapped _,
          Act.TellAnchor _ ->
          throw new IllegalStateException("no act of KVM: " + act.word());
    }
  }

  int wayOut(KvmTask task) {
    return program(task.work()).at(task.at())
            instanceof Instruction.Perform(Act _, int _, int onDone)
        ? onDone
        : task.at();
  }

  private static KvmWork.AttributeChange change(KvmTask task) {
    if (task.work() instanceof KvmWork.AttributeChange change) {
      return change;
    }
    throw new IllegalStateException("no attribute change: " + task);
  }

  static KvmWork.GuestAccess access(KvmTask task) {
    if (task.work() instanceof KvmWork.GuestAccess access) {
      return access;
    }
    throw new IllegalStateException("no guest access: " + task);
  }

  static GfnRange range(KvmWork work) {
    return switch (work) {
      case KvmWork.AttributeChange change -> change.range();
      case KvmWork.Invalidation invalidation -> invalidation.range();
      case KvmWork.InvalidationEnd end -> end.range();
      case KvmWork.GuestAccess access -> access.piece();
      case KvmWork.MapGpa _ -> throw new IllegalStateException("MapGPA invalidates nothing");
    };
  }

  void noted(Draft<KvmState, KvmEvent> draft, TaskId id) {
    proceed(draft, id, draft.state().task(id).wait(false));
    next(draft, id);
  }

  // The inode's agreement.

  private void askInode(
      Draft<KvmState, KvmEvent> draft, TaskId id, KvmWork.AttributeChange change) {
    // Model: a world has one gmem slot, so one inode is asked.
    Optional<KvmSetup.Slot> slot =
        setup.slots().stream()
            .filter(bound -> bound.gmem().isPresent() && bound.gfns().overlaps(change.range()))
            .findFirst();
    if (slot.isEmpty()) {
      next(draft, id);
      return;
    }
    GfnRange bound = change.range().intersect(slot.get().gfns()).orElseThrow();
    draft.send(
        id,
        Endpoint.of(slot.get().gmem().orElseThrow()),
        new KvmToGmem.AgreeToAttributes(slot.get().indices(bound), change.target()));
    await(draft, id);
  }

  void agreed(Draft<KvmState, KvmEvent> draft, TaskId id, Result result) {
    proceed(draft, id, draft.state().task(id).wait(false));
    if (result instanceof Result.Failed) {
      refuse(draft, id, result, "the inode does not agree");
    } else {
      next(draft, id);
    }
  }

  // The trust anchor.

  void anchorAnswered(Draft<KvmState, KvmEvent> draft, TaskId id, AnchorToKvm answer) {
    KvmTask task = draft.state().task(id);
    if (task.work() instanceof KvmWork.GuestAccess access) {
      accesses.answered(draft, id, task, access, answer);
    } else {
      zaps.answered(draft, id, task, Zaps.zapping(task.work()).orElseThrow(), answer);
    }
  }
}
