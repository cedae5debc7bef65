package dev.faultline.protocol.kvm;

import dev.faultline.protocol.Draft;
import dev.faultline.protocol.design.AnchorInstruction;
import dev.faultline.protocol.design.Instruction;
import dev.faultline.protocol.design.Lock;
import dev.faultline.protocol.design.Mode;
import dev.faultline.protocol.design.Moment;
import dev.faultline.protocol.design.Program;
import dev.faultline.protocol.design.SharedPages;
import dev.faultline.protocol.memory.Errno;
import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.Page;
import dev.faultline.protocol.memory.PageIndex;
import dev.faultline.protocol.memory.PfnRange;
import dev.faultline.protocol.memory.Run;
import dev.faultline.protocol.message.Access;
import dev.faultline.protocol.message.AnchorToKvm;
import dev.faultline.protocol.message.Content;
import dev.faultline.protocol.message.Endpoint;
import dev.faultline.protocol.message.Foll;
import dev.faultline.protocol.message.KvmToAnchor;
import dev.faultline.protocol.message.KvmToGmem;
import dev.faultline.protocol.message.KvmToGuest;
import dev.faultline.protocol.message.KvmToVmm;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.ProcessToHostMemory;
import dev.faultline.protocol.message.Result;
import dev.faultline.protocol.message.TaskId;
import dev.faultline.protocol.message.View;
import java.util.List;
import java.util.Optional;

/**
 * A guest touches memory: the walk of the tables, the acts of a guest fault, the exits to the VMM.
 */
final class GuestAccesses {

  private final Mode mode;
  private final KvmSetup setup;
  private final KvmTasks tasks;
  private final Zaps zaps;

  GuestAccesses(Mode mode, KvmSetup setup, KvmTasks tasks, Zaps zaps) {
    this.mode = mode;
    this.setup = setup;
    this.tasks = tasks;
    this.zaps = zaps;
  }

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
    KvmTasks.proceed(draft, id, draft.state().task(id).entered());
    touchAgain(draft, id);
  }

  /** The CPU walks the tables: there is a mapping, or a fault. */
  void touchAgain(Draft<KvmState, KvmEvent> draft, TaskId id) {
    KvmTask task = draft.state().task(id);
    KvmWork.GuestAccess access = KvmTasks.access(task);
    Optional<Errno> dead = draft.state().dead();
    if (dead.isPresent()) {
      // KVM_REQ_VM_DEAD: no vCPU enters the guest again.
      draft.refuse(dead.get(), "the VM is dead");
      proceedOut(draft, id, task, access);
      draft.send(id, Endpoint.of(setup.vmm()), new KvmToVmm.RunFailed(access.vcpu(), dead.get()));
      return;
    }
    // Where the guest cannot say which view it wants, there is one table for both.
    List<View> tables =
        mode.guestChoosesView() ? List.of(access.view()) : List.of(View.PRIVATE, View.SHARED);
    Optional<View> table =
        tables.stream()
            .filter(view -> draft.state().mapped(access.range(), view).isPresent())
            .findFirst();
    if (isStoreToReadOnly(access)) {
      fault(draft, id, task, access, access.range());
      return;
    }
    if (table.isEmpty()
        && access.access() instanceof Access.Instruct(String name, Content _)
        && mode.anchor().find(name).filter(AnchorInstruction::knowsAbsent).isPresent()) {
      // The anchor says itself what becomes of it on a page that KVM has not mapped.
      askAnchor(draft, id, task, access, access.range());
      return;
    }
    if (table.isEmpty()) {
      GfnRange missing = draft.state().missing(access.range(), tables);
      fault(draft, id, task, access, missing);
      return;
    }
    Run<GfnRange, PfnRange> mapped =
        draft.state().mapped(access.range(), table.get()).orElseThrow();
    KvmWork.GuestAccess viewed = access.as(table.get());
    if (mode.anchor().checks(table.get()) || access.access() instanceof Access.Instruct) {
      askAnchor(draft, id, task, viewed, mapped.range());
    } else {
      underWay(draft, id, task, viewed, mapped.range());
      transfer(draft, id, mapped.value(), access.access());
    }
  }

  private static void underWay(
      Draft<KvmState, KvmEvent> draft,
      TaskId id,
      KvmTask task,
      KvmWork.GuestAccess access,
      GfnRange piece) {
    KvmTasks.proceed(
        draft, id, task.at(0).with(access.in(KvmWork.Phase.UNDER_WAY, piece)).wait(true));
  }

  private void askAnchor(
      Draft<KvmState, KvmEvent> draft,
      TaskId id,
      KvmTask task,
      KvmWork.GuestAccess access,
      GfnRange piece) {
    underWay(draft, id, task, access, piece);
    draft.send(id, Endpoint.of(setup.anchor()), new KvmToAnchor.Translate(piece, access.access()));
  }

  /** No mapping of a read-only slot lets a store through. */
  private boolean isStoreToReadOnly(KvmWork.GuestAccess access) {
    return access.access() instanceof Access.Store
        && setup.slot(access.range()).filter(KvmSetup.Slot::readOnly).isPresent();
  }

  /**
   * A fault begins. Where the guest cannot say which view it wants, the attribute says it (7.3:
   * kvm_mmu_page_fault): it is read a second time after the snapshot, and a conversion may come
   * between.
   */
  private void fault(
      Draft<KvmState, KvmEvent> draft,
      TaskId id,
      KvmTask task,
      KvmWork.GuestAccess access,
      GfnRange missing) {
    KvmWork.Phase phase = mode.guestChoosesView() ? KvmWork.Phase.FAULT : KvmWork.Phase.VIEW;
    KvmTask faulting = task.at(0).with(access.in(phase, missing));
    KvmTasks.proceed(draft, id, faulting);
    if (phase == KvmWork.Phase.VIEW) {
      readAttribute(draft, id, faulting, access.in(phase, missing), tasks.attributesOfInode());
    }
  }

  private static void proceedOut(
      Draft<KvmState, KvmEvent> draft, TaskId id, KvmTask task, KvmWork.GuestAccess access) {
    KvmTasks.proceed(
        draft, id, task.at(0).with(access.in(KvmWork.Phase.EXITED, access.piece())).wait(true));
  }

  private void transfer(
      Draft<KvmState, KvmEvent> draft, TaskId id, PfnRange frames, Access access) {
    draft.send(id, Endpoint.of(setup.owner(frames)), new KvmToGmem.Transfer(frames, access));
  }

  /** The bytes of an access are done. */
  void transferred(Draft<KvmState, KvmEvent> draft, TaskId id, Result result) {
    KvmTask task = draft.state().task(id);
    KvmWork.GuestAccess access = KvmTasks.access(task);
    long done = access.piece().end();
    if (done < access.range().end()) {
      GfnRange left = access.range().to(done, access.range().end());
      KvmTasks.proceed(
          draft, id, task.with(access.rest(left).in(KvmWork.Phase.FAULT, left)).wait(false));
      touchAgain(draft, id);
    } else {
      end(draft, id, result);
    }
    zaps.accessEnded(draft);
  }

  private void end(Draft<KvmState, KvmEvent> draft, TaskId id, Result result) {
    KvmTask task = draft.state().task(id);
    draft.send(id, task.caller(), new KvmToGuest.Touched(result));
    draft.happen(new KvmEvent.TaskEnded(id));
  }

  /** KVM_RUN returns to the VMM: the fault cannot be served. */
  void exitWithFault(
      Draft<KvmState, KvmEvent> draft, TaskId id, KvmTask task, KvmWork.GuestAccess access) {
    Result result = task.refusal().orElseThrow();
    if (putsPages(draft, id, task, access)) {
      return;
    }
    KvmTask out =
        new KvmTask(
            task.caller(),
            access.in(KvmWork.Phase.EXITED, access.piece()),
            0,
            true,
            Optional.of(result));
    KvmTasks.proceed(draft, id, out);
    Endpoint vmm = Endpoint.of(setup.vmm());
    switch (result) {
      case Result.MemoryFault(View view) ->
          draft.send(id, vmm, memoryFault(access, Errno.EFAULT, view));
      case Result.Failed(Errno errno, Optional<PageIndex> _) ->
          draft.send(id, vmm, new KvmToVmm.RunFailed(access.vcpu(), errno));
      case Result.Mmio(boolean write) ->
          draft.send(
              id,
              vmm,
              new KvmToVmm.MmioExit(access.vcpu(), access.piece().start() * Page.BYTES, write));
      case Result.Ok _,
          Result.Loaded _,
          Result.Sigbus _,
          Result.Sigsegv _,
          Result.Died _,
          Result.VmDead _ ->
          throw new IllegalStateException("no exit for " + result);
    }
  }

  private static KvmToVmm.MemoryFaultExit memoryFault(
      KvmWork.GuestAccess access, Errno errno, View view) {
    return new KvmToVmm.MemoryFaultExit(
        access.vcpu(),
        errno,
        access.piece().start() * Page.BYTES,
        access.piece().pageCount() * Page.BYTES,
        view);
  }

  /**
   * kvm_release_faultin_page: puts what a fault holds before the CPU does anything else; false if
   * it holds nothing.
   */
  boolean putsPages(
      Draft<KvmState, KvmEvent> draft, TaskId id, KvmTask task, KvmWork.GuestAccess access) {
    if (access.pages().isEmpty()) {
      return false;
    }
    PartyId owner = setup.owner(access.pages().getFirst());
    draft.send(id, Endpoint.of(owner), new KvmToGmem.PutPage(access.pages()));
    KvmTasks.proceed(draft, id, task.with(access.in(KvmWork.Phase.PUT, access.piece())).wait(true));
    return true;
  }

  /** The reference is put: the fault leaves with its error, begins again, or is done. */
  void pagesPut(Draft<KvmState, KvmEvent> draft, TaskId id) {
    KvmTask task = draft.state().task(id);
    KvmWork.GuestAccess access = KvmTasks.access(task);
    if (task.refusal().isPresent()) {
      exitWithFault(draft, id, task, access);
    } else if (task.at() == 0) {
      fault(draft, id, task.wait(false), access, access.piece());
    } else {
      touchAgain(draft, id);
    }
  }

  void readAttribute(
      Draft<KvmState, KvmEvent> draft,
      TaskId id,
      KvmTask task,
      KvmWork.GuestAccess access,
      boolean ofInode) {
    Optional<KvmSetup.Slot> bound =
        setup.slot(access.piece()).filter(slot -> slot.gmem().isPresent());
    if (ofInode && bound.isPresent()) {
      GfnRange inSlot = access.piece().intersect(bound.get().gfns()).orElseThrow();
      draft.send(
          id,
          Endpoint.of(bound.get().gmem().get()),
          new KvmToGmem.ReadAttribute(bound.get().indices(inSlot)));
      tasks.await(draft, id);
      return;
    }
    // A frame without an open file is not private (kvm_gmem_is_private).
    Run<GfnRange, View> read =
        ofInode ? new Run<>(access.piece(), View.SHARED) : draft.state().attribute(access.piece());
    attributeRead(draft, id, read.range(), read.value());
  }

  void attributeRead(Draft<KvmState, KvmEvent> draft, TaskId id, GfnRange range, View view) {
    KvmTask task = draft.state().task(id);
    KvmWork.GuestAccess access = KvmTasks.access(task);
    if (access.phase() == KvmWork.Phase.VIEW) {
      KvmTasks.proceed(
          draft, id, task.with(access.as(view).in(KvmWork.Phase.FAULT, range)).wait(false));
      return;
    }
    KvmTasks.proceed(draft, id, task.with(access.attribute(range, view)).wait(false));
    tasks.next(draft, id);
  }

  void compareView(Draft<KvmState, KvmEvent> draft, TaskId id, KvmWork.GuestAccess access) {
    View attribute = access.attribute().orElseThrow();
    if (attribute == access.view()) {
      tasks.next(draft, id);
      return;
    }
    tasks.refuse(
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

  void getPage(
      Draft<KvmState, KvmEvent> draft,
      TaskId id,
      KvmTask task,
      KvmWork.GuestAccess access,
      SharedPages shared) {
    Optional<KvmSetup.Slot> found = setup.slot(access.piece());
    if (found.isEmpty()) {
      noSlot(draft, id, access);
      return;
    }
    KvmSetup.Slot slot = found.get();
    if (access.view() == View.SHARED && isStoreToReadOnly(access)) {
      // KVM_PFN_ERR_RO_FAULT: the VMM emulates the store.
      tasks.refuse(draft, id, new Result.Mmio(true), "slot " + slot.id() + " is KVM_MEM_READONLY");
      return;
    }
    boolean throughMapping = access.view() == View.SHARED && isThroughMapping(slot, shared);
    if (throughMapping) {
      draft.send(
          id,
          Endpoint.of(slot.memory()),
          new ProcessToHostMemory.GetUserPages(slot.user(access.piece()), true, Foll.GET));
    } else if (slot.gmem().isPresent()) {
      draft.send(
          id, Endpoint.of(slot.gmem().get()), new KvmToGmem.GetPage(slot.indices(access.piece())));
    } else {
      String reason = slot.file().isEmpty() ? "has no gmem file" : "has a gmem file that is closed";
      tasks.refuse(
          draft, id, new Result.MemoryFault(access.view()), "slot " + slot.id() + " " + reason);
      return;
    }
    KvmTasks.proceed(draft, id, task.with(access.pages(List.of(), throughMapping)).wait(true));
  }

  private static boolean isThroughMapping(KvmSetup.Slot slot, SharedPages shared) {
    return slot.file().isEmpty()
        || switch (shared) {
          case INODE -> false;
          case USERSPACE -> true;
          case SLOT -> !slot.file().get().only();
        };
  }

  /** A private access is a memory fault, a shared one goes to what the VMM emulates there. */
  private void noSlot(Draft<KvmState, KvmEvent> draft, TaskId id, KvmWork.GuestAccess access) {
    tasks.refuse(
        draft,
        id,
        access.view() == View.PRIVATE
            ? new Result.MemoryFault(access.view())
            : new Result.Mmio(access.access() instanceof Access.Store),
        "no memslot at page " + access.piece().start());
  }

  void gotPages(Draft<KvmState, KvmEvent> draft, TaskId id, List<PfnRange> pages) {
    KvmTask task = draft.state().task(id);
    KvmWork.GuestAccess access = KvmTasks.access(task);
    KvmTasks.proceed(
        draft, id, task.with(access.pages(pages, access.throughMapping())).wait(false));
    tasks.next(draft, id);
  }

  /** The page is not to be had: a memory fault exit from the file, a bare EFAULT from a mapping. */
  void notGotPages(Draft<KvmState, KvmEvent> draft, TaskId id, Errno errno) {
    KvmWork.GuestAccess access = KvmTasks.access(draft.state().task(id));
    tasks.refuse(
        draft,
        id,
        access.throughMapping() ? Result.failed(errno) : new Result.MemoryFault(access.view()),
        "page " + access.piece() + " is not to be had: " + errno);
  }

  void checkStale(
      Draft<KvmState, KvmEvent> draft, TaskId id, KvmTask task, KvmWork.GuestAccess access) {
    if (!access.stale() && !draft.state().inProgress().covers(access.piece())) {
      tasks.next(draft, id);
      return;
    }
    faultAgain(draft, id, task, access);
  }

  /** RET_PF_RETRY: put the page, let go of the locks, begin again. */
  private void faultAgain(
      Draft<KvmState, KvmEvent> draft, TaskId id, KvmTask task, KvmWork.GuestAccess access) {
    Program program = tasks.program(task.work());
    for (int at = tasks.wayOut(task);
        program.at(at) instanceof Instruction.Release(Lock lock);
        at++) {
      draft.happen(new KvmEvent.LockReleased(id, lock));
    }
    if (!putsPages(draft, id, task.at(0), access)) {
      fault(draft, id, task, access, access.piece());
    }
  }

  void installMapping(Draft<KvmState, KvmEvent> draft, TaskId id, KvmWork.GuestAccess access) {
    List<AnchorInstruction> map = mode.anchor().at(Moment.MAP);
    if (mode.anchor().checks(access.view()) && !map.isEmpty()) {
      long gfn = access.piece().start();
      // Model: one call for a run of frames; TDH.MEM.PAGE.AUG takes a page.
      PfnRange frames = access.pages().getFirst();
      draft.send(
          id,
          Endpoint.of(setup.anchor()),
          new KvmToAnchor.Instruct(
              map.getFirst().name(), new GfnRange(gfn, gfn + frames.pageCount()), List.of(frames)));
      tasks.await(draft, id);
      return;
    }
    install(draft, access, access.piece(), access.pages());
    tasks.next(draft, id);
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

  void answered(
      Draft<KvmState, KvmEvent> draft,
      TaskId id,
      KvmTask task,
      KvmWork.GuestAccess access,
      AnchorToKvm answer) {
    switch (answer) {
      case AnchorToKvm.Succeeded() when access.phase() == KvmWork.Phase.UNDER_WAY ->
          endUnderWay(draft, id, Result.ok());
      case AnchorToKvm.Succeeded() when access.pages().isEmpty() ->
          draft.ignore("nothing is being given to the anchor");
      case AnchorToKvm.Succeeded() -> given(draft, id, access);
      case AnchorToKvm.Busy() -> faultAgain(draft, id, task, access);
      case AnchorToKvm.Translated(PfnRange pages) -> transfer(draft, id, pages, access.access());
      case AnchorToKvm.NotPresent _ -> {
        // The entry went between KVM's table and the anchor's: an ordinary fault.
        fault(draft, id, task, access, access.piece());
        zaps.accessEnded(draft);
      }
      case AnchorToKvm.Dies(Errno errno, GfnRange range, String state) -> {
        draft.refuse(errno, touched(range, state));
        draft.happen(new KvmEvent.VmDied(errno));
        leave(draft, id, task, access, errno);
      }
      case AnchorToKvm.Fails(Errno errno, GfnRange range, String state) -> {
        draft.refuse(errno, touched(range, state));
        leave(draft, id, task.refused(Result.failed(errno)), access, errno);
      }
      case AnchorToKvm.Refused(Errno errno, GfnRange range, String state)
          when access.phase() == KvmWork.Phase.UNDER_WAY -> {
        draft.refuse(errno, "page " + range.start() + " is " + state);
        endUnderWay(draft, id, Result.failed(errno));
      }
      case AnchorToKvm.Refused(Errno errno, GfnRange range, String state) ->
          tasks.refuse(draft, id, Result.failed(errno), "page " + range.start() + " is " + state);
      case AnchorToKvm.Removed _ -> draft.ignore("no answer to an access: " + answer);
    }
  }

  private static String touched(GfnRange range, String state) {
    return "the guest touched page " + range.start() + ", which is " + state;
  }

  /** An access that the anchor stopped leaves KVM_RUN. */
  private void leave(
      Draft<KvmState, KvmEvent> draft,
      TaskId id,
      KvmTask task,
      KvmWork.GuestAccess access,
      Errno errno) {
    proceedOut(draft, id, task, access);
    draft.send(id, Endpoint.of(setup.vmm()), new KvmToVmm.RunFailed(access.vcpu(), errno));
    zaps.accessEnded(draft);
  }

  private void endUnderWay(Draft<KvmState, KvmEvent> draft, TaskId id, Result result) {
    end(draft, id, result);
    zaps.accessEnded(draft);
  }

  /**
   * The anchor has the first frames of a fault, and the fault is done. Where they do not follow one
   * another, the access finds these mapped and faults on the rest.
   */
  private void given(Draft<KvmState, KvmEvent> draft, TaskId id, KvmWork.GuestAccess access) {
    KvmTask task = draft.state().task(id);
    PfnRange first = access.pages().getFirst();
    GfnRange range =
        new GfnRange(access.piece().start(), access.piece().start() + first.pageCount());
    install(draft, access, range, List.of(first));
    KvmTasks.proceed(draft, id, task.wait(false));
    tasks.next(draft, id);
  }
}
