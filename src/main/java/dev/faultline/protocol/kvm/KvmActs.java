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
import dev.faultline.protocol.design.Stage;
import dev.faultline.protocol.memory.Errno;
import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.PageIndex;
import dev.faultline.protocol.memory.PfnRange;
import dev.faultline.protocol.memory.Run;
import dev.faultline.protocol.message.Access;
import dev.faultline.protocol.message.AnchorToKvm;
import dev.faultline.protocol.message.Endpoint;
import dev.faultline.protocol.message.KvmToAnchor;
import dev.faultline.protocol.message.KvmToGmem;
import dev.faultline.protocol.message.KvmToGuest;
import dev.faultline.protocol.message.KvmToProcess;
import dev.faultline.protocol.message.KvmToVmm;
import dev.faultline.protocol.message.PageUserToGmem;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.PartyKind;
import dev.faultline.protocol.message.ProcessToHostMemory;
import dev.faultline.protocol.message.Result;
import dev.faultline.protocol.message.TaskId;
import dev.faultline.protocol.message.View;
import java.util.List;
import java.util.Optional;

/** What a CPU in KVM does next, and what each act of a revision's list does there. */
final class KvmActs {

  /** The trust anchor of the VM: there is one in a world. */
  private static final Endpoint ANCHOR = Endpoint.of(PartyId.of(PartyKind.ANCHOR, "anchor"));

  private static final Program BEGIN =
      Program.of(List.of(Stage.Do.of(new Act.InvalidateGuestBegin(Act.Zap.ALL))));
  private static final Program END = Program.of(List.of(Stage.Do.of(new Act.InvalidateGuestEnd())));

  private final Revision revision;
  private final Mode mode;
  private final KvmSetup setup;

  KvmActs(Revision revision, Mode mode, KvmSetup setup) {
    this.revision = revision;
    this.mode = mode;
    this.setup = setup;
  }

  private Program program(KvmWork work) {
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
        && act instanceof Act.Preallocate(Errno fails)
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
      case Instruction.Return() -> touchAgain(draft, id);
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

  private static void proceed(Draft<KvmState, KvmEvent> draft, TaskId id, KvmTask task) {
    if (!draft.state().task(id).equals(task)) {
      draft.happen(new KvmEvent.TaskProceeded(id, task));
    }
  }

  private void next(Draft<KvmState, KvmEvent> draft, TaskId id) {
    settle(draft, id, draft.state().task(id).at() + 1);
  }

  private void await(Draft<KvmState, KvmEvent> draft, TaskId id) {
    proceed(draft, id, draft.state().task(id).wait(true));
  }

  private void refuse(Draft<KvmState, KvmEvent> draft, TaskId id, Result result, String reason) {
    draft.refuse(result instanceof Result.Failed failed ? failed.errno() : Errno.EFAULT, reason);
    KvmTask task = draft.state().task(id);
    proceed(draft, id, task.refused(result).wait(false));
    if (program(task.work()).at(task.at())
        instanceof Instruction.Perform(Act _, int onRefusal, int _)) {
      settle(draft, id, onRefusal);
    }
  }

  /** Moves a task to a position, letting go of locks on the way; ends it where nothing is left. */
  private void settle(Draft<KvmState, KvmEvent> draft, TaskId id, int position) {
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
        putPages(draft, id, access);
        proceed(draft, id, task.at(at).with(access.pages(List.of(), false)));
      }
      case KvmWork.GuestAccess access -> exitWithFault(draft, id, task, access);
      case KvmWork.AttributeChange _ -> {
        Result result = task.refusal().orElse(Result.ok());
        draft.send(id, task.caller(), new KvmToProcess.AttributesSet(result));
        draft.happen(new KvmEvent.TaskEnded(id));
      }
      case KvmWork.Invalidation invalidation -> {
        List<PfnRange> destroyed = invalidation.zapping().map(Zapping::destroyed).orElse(List.of());
        draft.send(id, task.caller(), new KvmToGmem.InvalidateBegun(destroyed));
        draft.happen(new KvmEvent.TaskEnded(id));
      }
      case KvmWork.InvalidationEnd _ -> {
        draft.send(id, task.caller(), new KvmToGmem.InvalidateEnded());
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
      case Act.InvalidateGuestBegin(Act.Zap zap) -> invalidateBegin(draft, id, task, zap);
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
          readAttribute(draft, id, task, access(task), ofInode);
      case Act.CompareView() -> compareView(draft, id, access(task));
      case Act.GetPage(boolean sharedFromInode) ->
          getPage(draft, id, task, access(task), sharedFromInode);
      case Act.CheckStale() -> checkStale(draft, id, task, access(task));
      case Act.InstallMapping() -> installMapping(draft, id, access(task));
      case Act.UnmapHost _,
          Act.CheckReferences _,
          Act.CheckMappedOrPinned _,
          Act.ForbidHostFaults _,
          Act.AllowHostFaults _,
          Act.ClearUptodate _,
          Act.RemovePages _,
          Act.RefusePrivate _,
          Act.RefuseForbidden _,
          Act.GetFolio _,
          Act.ZeroIfNew _,
          Act.MapPage _,
          Act.ReadMapping _,
          Act.TakeReference _,
          Act.ReadMappingAgain _,
          Act.FaultIn _,
          Act.TakeMapped _ ->
          throw new IllegalStateException("no act of KVM: " + act.word());
    }
  }

  private int wayOut(KvmTask task) {
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

  private static KvmWork.GuestAccess access(KvmTask task) {
    if (task.work() instanceof KvmWork.GuestAccess access) {
      return access;
    }
    throw new IllegalStateException("no guest access: " + task);
  }

  private static GfnRange range(KvmWork work) {
    return switch (work) {
      case KvmWork.AttributeChange change -> change.range();
      case KvmWork.Invalidation invalidation -> invalidation.range();
      case KvmWork.InvalidationEnd end -> end.range();
      case KvmWork.GuestAccess access -> access.piece();
      case KvmWork.MapGpa _ -> throw new IllegalStateException("MapGPA invalidates nothing");
    };
  }

  // Guest accesses.

  /** Answers a vCPU of a dead VM; KVM_RUN fails for ever. */
  boolean isDead(Draft<KvmState, KvmEvent> draft, Endpoint vcpu, TaskId id) {
    Optional<Errno> dead = draft.state().dead();
    dead.ifPresent(
        errno -> {
          draft.refuse(errno, "the VM is dead");
          draft.send(id, vcpu, new KvmToGuest.Stopped(new Result.VmDead(errno)));
        });
    return dead.isPresent();
  }

  void touch(
      Draft<KvmState, KvmEvent> draft,
      Endpoint vcpu,
      TaskId id,
      GfnRange range,
      View view,
      Access access) {
    if (isDead(draft, vcpu, id)) {
      return;
    }
    KvmWork.GuestAccess work =
        new KvmWork.GuestAccess(
            vcpu.party(),
            range,
            view,
            access,
            KvmWork.Phase.FAULT,
            range,
            false,
            Optional.empty(),
            List.of(),
            false);
    draft.happen(new KvmEvent.TaskStarted(id, KvmTask.start(vcpu, work)));
    touchAgain(draft, id);
  }

  /** KVM_RUN after a memory fault exit: the access happens again. */
  void reenter(Draft<KvmState, KvmEvent> draft, TaskId id, KvmWork.GuestAccess access) {
    if (access.phase() != KvmWork.Phase.EXITED) {
      draft.ignore(access.vcpu() + " is in the guest");
      return;
    }
    touchAgain(draft, id);
  }

  /** The CPU walks the tables: there is a mapping, or a fault. */
  private void touchAgain(Draft<KvmState, KvmEvent> draft, TaskId id) {
    KvmTask task = draft.state().task(id);
    KvmWork.GuestAccess access = access(task);
    Optional<Run<GfnRange, PfnRange>> mapped = draft.state().mapped(access.range(), access.view());
    if (mapped.isEmpty()) {
      GfnRange missing = draft.state().mmu(access.view()).gaps(access.range()).getFirst();
      proceed(draft, id, task.at(0).with(access.in(KvmWork.Phase.FAULT, missing)));
      return;
    }
    GfnRange piece = mapped.get().range();
    proceed(draft, id, task.at(0).with(access.in(KvmWork.Phase.UNDER_WAY, piece)).wait(true));
    if (access.view() == View.PRIVATE && mode.anchorTranslates()) {
      draft.send(id, ANCHOR, new KvmToAnchor.Translate(piece, access.access()));
    } else {
      transfer(draft, id, piece, mapped.get().value(), access.access());
    }
  }

  private void transfer(
      Draft<KvmState, KvmEvent> draft, TaskId id, GfnRange piece, PfnRange frames, Access access) {
    KvmSetup.Slot slot =
        setup.slot(piece).orElseThrow(() -> new IllegalStateException("no slot at " + piece));
    draft.send(id, Endpoint.of(slot.gmem()), new KvmToGmem.Transfer(frames, access));
  }

  /** The bytes of an access are done. */
  void transferred(Draft<KvmState, KvmEvent> draft, TaskId id, Result result) {
    KvmTask task = draft.state().task(id);
    KvmWork.GuestAccess access = access(task);
    long done = access.piece().end();
    if (done < access.range().end()) {
      GfnRange left = access.range().to(done, access.range().end());
      proceed(draft, id, task.with(access.rest(left).in(KvmWork.Phase.FAULT, left)).wait(false));
      touchAgain(draft, id);
    } else {
      end(draft, id, result);
    }
    accessEnded(draft);
  }

  private void end(Draft<KvmState, KvmEvent> draft, TaskId id, Result result) {
    KvmTask task = draft.state().task(id);
    draft.send(id, task.caller(), new KvmToGuest.Touched(result));
    draft.happen(new KvmEvent.TaskEnded(id));
  }

  /** KVM_RUN returns to the VMM: the fault cannot be served. */
  private void exitWithFault(
      Draft<KvmState, KvmEvent> draft, TaskId id, KvmTask task, KvmWork.GuestAccess access) {
    Result result = task.refusal().orElseThrow();
    boolean pagesHeld = !access.pages().isEmpty();
    if (pagesHeld) {
      putPages(draft, id, access);
    }
    KvmTask out =
        new KvmTask(
            task.caller(),
            access.in(KvmWork.Phase.EXITED, access.piece()),
            0,
            true,
            Optional.empty());
    proceed(draft, id, out);
    Endpoint vmm = Endpoint.of(setup.vmm());
    switch (result) {
      case Result.MemoryFault(View view) ->
          draft.send(id, vmm, memoryFault(access, Errno.EFAULT, view));
      case Result.Failed(Errno errno, Optional<PageIndex> _) ->
          draft.send(id, vmm, new KvmToVmm.RunFailed(access.vcpu(), errno));
      case Result.Ok _, Result.Loaded _, Result.Sigbus _, Result.Died _, Result.VmDead _ ->
          throw new IllegalStateException("no exit for " + result);
    }
  }

  private static KvmToVmm.MemoryFaultExit memoryFault(
      KvmWork.GuestAccess access, Errno errno, View view) {
    return new KvmToVmm.MemoryFaultExit(
        access.vcpu(),
        errno,
        access.piece().start() * KvmDecider.PAGE,
        access.piece().pageCount() * KvmDecider.PAGE,
        view);
  }

  private void putPages(Draft<KvmState, KvmEvent> draft, TaskId id, KvmWork.GuestAccess access) {
    if (access.pages().isEmpty()) {
      return;
    }
    KvmSetup.Slot slot = setup.slot(access.piece()).orElseThrow();
    draft.send(
        id,
        Endpoint.of(slot.gmem()),
        access.pinned()
            ? new PageUserToGmem.PutPages(access.pages())
            : new KvmToGmem.PutPage(access.pages()));
  }

  private void readAttribute(
      Draft<KvmState, KvmEvent> draft,
      TaskId id,
      KvmTask task,
      KvmWork.GuestAccess access,
      boolean ofInode) {
    Optional<KvmSetup.Slot> slot = setup.slot(access.piece());
    if (ofInode && slot.isPresent()) {
      GfnRange inSlot = access.piece().intersect(slot.get().gfns()).orElseThrow();
      draft.send(
          id,
          Endpoint.of(slot.get().gmem()),
          new KvmToGmem.ReadAttribute(slot.get().indices(inSlot)));
      await(draft, id);
      return;
    }
    Run<GfnRange, View> read =
        ofInode ? new Run<>(access.piece(), View.SHARED) : draft.state().attribute(access.piece());
    proceed(draft, id, task.with(access.attribute(read.range(), read.value())));
    next(draft, id);
  }

  void attributeRead(Draft<KvmState, KvmEvent> draft, TaskId id, GfnRange range, View view) {
    KvmTask task = draft.state().task(id);
    proceed(draft, id, task.with(access(task).attribute(range, view)).wait(false));
    next(draft, id);
  }

  private void compareView(Draft<KvmState, KvmEvent> draft, TaskId id, KvmWork.GuestAccess access) {
    if (access.attribute().orElseThrow() == access.view()) {
      next(draft, id);
      return;
    }
    refuse(
        draft,
        id,
        new Result.MemoryFault(access.view()),
        "page "
            + access.piece().start()
            + " is "
            + access.view().other().word()
            + ", the access is "
            + access.view().word());
  }

  private void getPage(
      Draft<KvmState, KvmEvent> draft,
      TaskId id,
      KvmTask task,
      KvmWork.GuestAccess access,
      boolean sharedFromInode) {
    Optional<KvmSetup.Slot> slot = setup.slot(access.piece());
    if (slot.isEmpty()) {
      refuse(
          draft,
          id,
          new Result.MemoryFault(access.view()),
          "no memslot at page " + access.piece().start());
      return;
    }
    boolean throughMapping = access.view() == View.SHARED && !sharedFromInode;
    if (throughMapping) {
      draft.send(
          id,
          Endpoint.of(setup.vmmMemory()),
          new ProcessToHostMemory.GetUserPages(access.piece(), true, false));
    } else {
      draft.send(
          id,
          Endpoint.of(slot.get().gmem()),
          new KvmToGmem.GetPage(slot.get().indices(access.piece())));
    }
    proceed(draft, id, task.with(access.pages(List.of(), throughMapping)).wait(true));
  }

  void gotPages(Draft<KvmState, KvmEvent> draft, TaskId id, List<PfnRange> pages) {
    KvmTask task = draft.state().task(id);
    KvmWork.GuestAccess access = access(task);
    proceed(draft, id, task.with(access.pages(pages, access.pinned())).wait(false));
    next(draft, id);
  }

  /** The page is not to be had: a memory fault exit from the file, a bare EFAULT from a mapping. */
  void notGotPages(Draft<KvmState, KvmEvent> draft, TaskId id, Errno errno) {
    KvmWork.GuestAccess access = access(draft.state().task(id));
    refuse(
        draft,
        id,
        access.pinned() ? Result.failed(errno) : new Result.MemoryFault(access.view()),
        "page " + access.piece() + " is not to be had: " + errno);
  }

  private void checkStale(
      Draft<KvmState, KvmEvent> draft, TaskId id, KvmTask task, KvmWork.GuestAccess access) {
    if (!access.stale() && !draft.state().inProgress().covers(access.piece())) {
      next(draft, id);
      return;
    }
    faultAgain(draft, id, task, access);
  }

  /** RET_PF_RETRY: put the page, let go of the locks, begin again. */
  private void faultAgain(
      Draft<KvmState, KvmEvent> draft, TaskId id, KvmTask task, KvmWork.GuestAccess access) {
    putPages(draft, id, access);
    Program program = program(task.work());
    for (int at = wayOut(task); program.at(at) instanceof Instruction.Release(Lock lock); at++) {
      draft.happen(new KvmEvent.LockReleased(id, lock));
    }
    proceed(draft, id, task.at(0).with(access.in(KvmWork.Phase.FAULT, access.piece())).wait(false));
  }

  private void installMapping(
      Draft<KvmState, KvmEvent> draft, TaskId id, KvmWork.GuestAccess access) {
    if (access.view() == View.PRIVATE && mode.toGuest().contains(Mode.AnchorCall.AUGMENT)) {
      long gfn = access.piece().start();
      // Model: one call for a run of frames; TDH.MEM.PAGE.AUG takes a page.
      PfnRange frames = access.pages().getFirst();
      draft.send(
          id, ANCHOR, new KvmToAnchor.Augment(new GfnRange(gfn, gfn + frames.pageCount()), frames));
      await(draft, id);
      return;
    }
    install(draft, access, access.piece(), access.pages());
    next(draft, id);
  }

  private void install(
      Draft<KvmState, KvmEvent> draft,
      KvmWork.GuestAccess access,
      GfnRange range,
      List<PfnRange> frames) {
    if (!mode.guestChoosesView()
        && !draft.state().mmu(access.view().other()).runs(range).isEmpty()) {
      draft.happen(new KvmEvent.Zapped(range, access.view().other()));
    }
    draft.happen(new KvmEvent.MappingInstalled(range, access.view(), frames));
  }

  // Invalidations.

  private void invalidateBegin(
      Draft<KvmState, KvmEvent> draft, TaskId id, KvmTask task, Act.Zap zap) {
    GfnRange range = range(task.work());
    List<View> kinds =
        switch (task.work()) {
          case KvmWork.Invalidation invalidation -> invalidation.kinds();
          case KvmWork.AttributeChange change ->
              zap == Act.Zap.OPPOSITE
                  ? List.of(change.target().other())
                  : List.of(View.PRIVATE, View.SHARED);
          case KvmWork.GuestAccess _, KvmWork.MapGpa _, KvmWork.InvalidationEnd _ ->
              throw new IllegalStateException("no invalidation begins by " + task);
        };
    draft.happen(new KvmEvent.LockTaken(id, Lock.MMU, LockMode.EXCLUSIVE));
    draft.happen(new KvmEvent.InvalidationBegun(range));
    List<GfnRange> ofAnchor =
        kinds.contains(View.PRIVATE) && !mode.fromGuest().isEmpty()
            ? draft.state().mmu(View.PRIVATE).runs(range).stream().map(Run::range).toList()
            : List.of();
    for (View view : kinds) {
      if (!draft.state().mmu(view).runs(range).isEmpty()) {
        draft.happen(new KvmEvent.Zapped(range, view));
      }
    }
    Zapping zapping = new Zapping(range, kinds, ofAnchor, 0, false, false, List.of());
    proceed(
        draft,
        id,
        draft.state().task(id).with(withZapping(task.work(), Optional.of(zapping))).wait(true));
    zapOn(draft, id);
  }

  private static KvmWork withZapping(KvmWork work, Optional<Zapping> zapping) {
    return switch (work) {
      case KvmWork.Invalidation(GfnRange range, List<View> kinds, Optional<Zapping> _) ->
          new KvmWork.Invalidation(range, kinds, zapping);
      case KvmWork.AttributeChange(GfnRange range, View target, Optional<Zapping> _) ->
          new KvmWork.AttributeChange(range, target, zapping);
      case KvmWork.GuestAccess _, KvmWork.MapGpa _, KvmWork.InvalidationEnd _ ->
          throw new IllegalStateException("nothing is zapped by " + work);
    };
  }

  private static Optional<Zapping> zapping(KvmWork work) {
    return switch (work) {
      case KvmWork.Invalidation invalidation -> invalidation.zapping();
      case KvmWork.AttributeChange change -> change.zapping();
      case KvmWork.GuestAccess _, KvmWork.MapGpa _, KvmWork.InvalidationEnd _ -> Optional.empty();
    };
  }

  /** Goes on with a zap as far as answers and accesses under way allow. */
  private void zapOn(Draft<KvmState, KvmEvent> draft, TaskId id) {
    KvmTask task = draft.state().task(id);
    Zapping zapping = zapping(task.work()).orElseThrow();
    if (zapping.asked()) {
      return;
    }
    if (zapping.left().isEmpty()) {
      if (!underWay(draft.state(), zapping)) {
        zapped(draft, id, zapping);
      }
      return;
    }
    Mode.AnchorCall call = mode.fromGuest().get(zapping.call());
    // REMOVE, and any call made again, come once every vCPU has left the guest.
    if ((call == Mode.AnchorCall.REMOVE || zapping.retried()) && underWay(draft.state(), zapping)) {
      return;
    }
    GfnRange range = zapping.left().getFirst();
    draft.send(
        id,
        ANCHOR,
        switch (call) {
          case BLOCK -> new KvmToAnchor.Block(range);
          case TRACK -> new KvmToAnchor.Track();
          case REMOVE -> new KvmToAnchor.Remove(range);
          case AUGMENT -> throw new IllegalStateException("nothing is augmented by a zap");
        });
    proceed(
        draft, id, task.with(withZapping(task.work(), Optional.of(zapping.ask(zapping.call())))));
  }

  private static boolean underWay(KvmState state, Zapping zapping) {
    return state.tasks().stream()
        .map(state::task)
        .anyMatch(
            task ->
                task.work() instanceof KvmWork.GuestAccess access
                    && access.phase() == KvmWork.Phase.UNDER_WAY
                    && zapping.concerns(access.piece(), access.view()));
  }

  /** An access has ended: zaps that waited for it go on. */
  private void accessEnded(Draft<KvmState, KvmEvent> draft) {
    for (TaskId id : draft.state().tasks()) {
      if (zapping(draft.state().task(id).work()).isPresent()) {
        zapOn(draft, id);
      }
    }
  }

  /** Everything has let go; mmu_lock is released. */
  private void zapped(Draft<KvmState, KvmEvent> draft, TaskId id, Zapping zapping) {
    draft.happen(new KvmEvent.LockReleased(id, Lock.MMU));
    KvmTask task = draft.state().task(id);
    switch (task.work()) {
      case KvmWork.Invalidation _ -> {
        proceed(draft, id, task.wait(false));
        next(draft, id);
      }
      case KvmWork.AttributeChange change -> {
        proceed(draft, id, task.with(withZapping(change, Optional.empty())).wait(false));
        Optional<KvmSetup.Slot> slot = setup.slots().stream().findFirst();
        if (zapping.destroyed().isEmpty() || slot.isEmpty()) {
          next(draft, id);
        } else {
          draft.send(
              id,
              Endpoint.of(slot.get().gmem()),
              new KvmToGmem.ContentDestroyed(zapping.destroyed(), zapping.range()));
          await(draft, id);
        }
      }
      case KvmWork.GuestAccess _, KvmWork.MapGpa _, KvmWork.InvalidationEnd _ ->
          throw new IllegalStateException("nothing is zapped by " + task);
    }
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
        setup.slots().stream().filter(bound -> bound.gfns().overlaps(change.range())).findFirst();
    if (slot.isEmpty()) {
      next(draft, id);
      return;
    }
    GfnRange bound = change.range().intersect(slot.get().gfns()).orElseThrow();
    draft.send(
        id,
        Endpoint.of(slot.get().gmem()),
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
      accessAnswered(draft, id, task, access, answer);
    } else {
      zapAnswered(draft, id, task, zapping(task.work()).orElseThrow(), answer);
    }
  }

  private void accessAnswered(
      Draft<KvmState, KvmEvent> draft,
      TaskId id,
      KvmTask task,
      KvmWork.GuestAccess access,
      AnchorToKvm answer) {
    switch (answer) {
      case AnchorToKvm.Succeeded() -> augmented(draft, id, access);
      case AnchorToKvm.Busy() -> faultAgain(draft, id, task, access);
      case AnchorToKvm.Translated(PfnRange pages) ->
          transfer(draft, id, access.piece(), pages, access.access());
      case AnchorToKvm.NotPresent _ -> {
        // The entry went between KVM's table and the anchor's: an ordinary fault.
        proceed(
            draft, id, task.at(0).with(access.in(KvmWork.Phase.FAULT, access.piece())).wait(false));
        accessEnded(draft);
      }
      case AnchorToKvm.NotAccepted(GfnRange range) -> {
        String reason = "the guest touched page " + range.start() + " before accepting it";
        draft.refuse(mode.beforeAccept(), reason);
        draft.happen(new KvmEvent.VmDied(mode.beforeAccept()));
        proceed(
            draft, id, task.at(0).with(access.in(KvmWork.Phase.EXITED, access.piece())).wait(true));
        draft.send(
            id,
            Endpoint.of(setup.vmm()),
            new KvmToVmm.RunFailed(access.vcpu(), mode.beforeAccept()));
        accessEnded(draft);
      }
      case AnchorToKvm.AlreadyAccepted(GfnRange range) -> {
        String reason = "page " + range.start() + " is accepted already";
        draft.refuse(Errno.EEXIST, reason);
        end(draft, id, Result.failed(Errno.EEXIST));
        accessEnded(draft);
      }
      case AnchorToKvm.Removed _ ->
          throw new IllegalStateException("an access removed pages: " + access);
    }
  }

  /** The anchor has the next frames of a fault; when it has all, the fault is done. */
  private void augmented(Draft<KvmState, KvmEvent> draft, TaskId id, KvmWork.GuestAccess access) {
    KvmTask task = draft.state().task(id);
    PfnRange first = access.pages().getFirst();
    GfnRange range =
        new GfnRange(access.piece().start(), access.piece().start() + first.pageCount());
    install(draft, access, range, List.of(first));
    if (access.pages().size() == 1) {
      proceed(draft, id, task.wait(false));
      next(draft, id);
      return;
    }
    // The rest of the range faults again and finds its own frames.
    faultAgain(draft, id, task, access);
  }

  private void zapAnswered(
      Draft<KvmState, KvmEvent> draft,
      TaskId id,
      KvmTask task,
      Zapping zapping,
      AnchorToKvm answer) {
    switch (answer) {
      case AnchorToKvm.Succeeded() -> nextCall(draft, id, task, zapping.answered());
      case AnchorToKvm.Removed(List<PfnRange> pages) ->
          nextCall(draft, id, task, zapping.removed(pages));
      case AnchorToKvm.Busy() when !zapping.retried() -> {
        proceed(draft, id, task.with(withZapping(task.work(), Optional.of(zapping.busy()))));
        zapOn(draft, id);
      }
      case AnchorToKvm.Busy() -> {
        // KVM_BUG_ON: the VM is dead; the page stays with the anchor.
        draft.refuse(Errno.EIO, "the trust anchor is busy for the second time");
        draft.happen(new KvmEvent.VmDied(Errno.EIO));
        nextCall(draft, id, task, zapping.answered());
      }
      case AnchorToKvm.NotPresent _ -> nextCall(draft, id, task, zapping.answered());
      case AnchorToKvm.Translated _, AnchorToKvm.NotAccepted _, AnchorToKvm.AlreadyAccepted _ ->
          throw new IllegalStateException("no answer to a zap: " + answer);
    }
  }

  private void nextCall(Draft<KvmState, KvmEvent> draft, TaskId id, KvmTask task, Zapping zapping) {
    Zapping on =
        zapping.call() + 1 < mode.fromGuest().size()
            ? new Zapping(
                zapping.range(),
                zapping.kinds(),
                zapping.left(),
                zapping.call() + 1,
                false,
                false,
                zapping.destroyed())
            : zapping.nextRange();
    proceed(draft, id, task.with(withZapping(task.work(), Optional.of(on))));
    zapOn(draft, id);
  }
}
