package dev.faultline.protocol.gmem;

import dev.faultline.protocol.Chance;
import dev.faultline.protocol.Choice;
import dev.faultline.protocol.Decided;
import dev.faultline.protocol.Draft;
import dev.faultline.protocol.design.Act;
import dev.faultline.protocol.design.Instruction;
import dev.faultline.protocol.design.Lock;
import dev.faultline.protocol.design.LockMode;
import dev.faultline.protocol.design.Operation;
import dev.faultline.protocol.design.Program;
import dev.faultline.protocol.design.Revision;
import dev.faultline.protocol.memory.Errno;
import dev.faultline.protocol.memory.IndexRange;
import dev.faultline.protocol.memory.PageIndex;
import dev.faultline.protocol.memory.PfnRange;
import dev.faultline.protocol.message.Access;
import dev.faultline.protocol.message.Endpoint;
import dev.faultline.protocol.message.GmemToKvm;
import dev.faultline.protocol.message.GmemToProcess;
import dev.faultline.protocol.message.HostMemoryToProcess;
import dev.faultline.protocol.message.Message;
import dev.faultline.protocol.message.PagesAnswer;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.Result;
import dev.faultline.protocol.message.Shows;
import dev.faultline.protocol.message.TaskId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Which task of the inode can move, and how it walks the list of its operation. */
final class GmemTasks {

  private final Revision revision;
  private final GmemSetup setup;
  private final GmemActs acts;
  private final HostAccesses accesses;

  GmemTasks(Revision revision, GmemSetup setup, HostAccesses accesses) {
    this.revision = revision;
    this.setup = setup;
    this.accesses = accesses;
    this.acts = new GmemActs(revision, setup);
  }

  private Program program(GmemTask task) {
    return revision.program(task.operation());
  }

  /** The position from which nothing but letting go of locks is left, for a task that is done. */
  static int wayOut(Program program, GmemTask task) {
    return program.at(task.at()) instanceof Instruction.Perform(Act _, int _, int onDone)
        ? onDone
        : task.at();
  }

  // Which tasks can move.

  boolean canMove(GmemState state, TaskId id) {
    GmemTask task = state.task(id);
    if (task.waiting()) {
      return false;
    }
    return switch (program(task).at(task.at())) {
      case Instruction.Acquire(Lock lock, LockMode mode) -> available(state, id, task, lock, mode);
      case Instruction.Perform(Act act, int _, int _) ->
          (!waitsForFolioLock(act) || foliosUnlocked(state, id, task.work().range()))
              && !(act instanceof Act.WaitForCallbacks
                  && !Callbacks.nobodys(state, task.work().range()).isEmpty());
      case Instruction.Release _, Instruction.Return _ -> true;
    };
  }

  private static boolean available(
      GmemState state, TaskId id, GmemTask task, Lock lock, LockMode mode) {
    return switch (lock) {
      case INVALIDATE -> state.invalidateLock().allows(mode);
      case FOLIO -> foliosUnlocked(state, id, task.work().range());
      case SLOTS, MMU ->
          throw new IllegalStateException("an inode has no " + lock.word() + " lock");
    };
  }

  private static boolean waitsForFolioLock(Act act) {
    return act instanceof Act.GetFolio
        || act instanceof Act.CheckMappedOrPinned
        || act instanceof Act.ClearMappable
        || act instanceof Act.RegisterCallbacks
        || act instanceof Act.RemovePages;
  }

  private static boolean foliosUnlocked(GmemState state, TaskId id, IndexRange range) {
    return state.folios(range).stream()
        .allMatch(run -> run.value().lockedBy().filter(holder -> !holder.equals(id)).isEmpty());
  }

  // One step of a task.

  Decided<GmemEvent> advance(
      Draft<GmemState, GmemEvent> draft, TaskId id, Predicate<TaskId> taken) {
    Optional<GmemTask> found = draft.state().findTask(id);
    if (found.isEmpty() || !canMove(draft.state(), id)) {
      draft.ignore("task " + id + " cannot move");
      return draft.decision();
    }
    GmemTask task = found.get();
    if (program(task).at(task.at()) instanceof Instruction.Perform(Act act, int _, int _)
        && act instanceof Act.Preallocate(Errno fails, boolean reportsAnything)
        && setup.open().contains(Chance.ALLOCATION_FAILS)) {
      GmemState before = draft.state();
      Draft<GmemState, GmemEvent> failing = new Draft<>(before, GmemEvolution::evolve);
      step(draft, id, task, taken);
      IndexRange range = task.work().range();
      failAllocation(failing, id, task, fails, range.start());
      List<Choice.Alternative<GmemEvent>> alternatives = new ArrayList<>();
      alternatives.add(new Choice.Alternative<>("allocated", draft.decision()));
      alternatives.add(
          new Choice.Alternative<>(Chance.ALLOCATION_FAILS.word(), failing.decision()));
      if (reportsAnything) {
        Draft<GmemState, GmemEvent> lying = new Draft<>(before, GmemEvolution::evolve);
        failAllocation(lying, id, task, fails, range.end());
        alternatives.add(
            new Choice.Alternative<>(
                Chance.ALLOCATION_FAILS.word() + "-and-names-the-end", lying.decision()));
      }
      return new Choice<>(alternatives);
    }
    if (program(task).at(task.at()) instanceof Instruction.Perform(Act act, int _, int _)
        && setup.open().contains(Chance.ALLOCATION_FAILS)
        && worksOnItems(act)) {
      return ofItems(draft, id, task, act, taken);
    }
    if (program(task).at(task.at()) instanceof Instruction.Perform(Act act, int _, int _)
        && act.equals(new Act.AllowHostFaults(true))
        && setup.open().contains(Chance.ALLOCATION_FAILS)) {
      return stoppable(draft, id, task, taken);
    }
    if (allocates(task) && setup.open().contains(Chance.SIGNAL_PENDING)) {
      return interruptible(draft, id, task, taken);
    }
    step(draft, id, task, taken);
    exitMmap(draft);
    lastPuts(draft, Optional.of(id), task.caller(), taken);
    notifyWatchers(draft);
    return draft.decision();
  }

  /** Begins what the last puts of a step do, in a design that has them told. */
  void lastPuts(
      Draft<GmemState, GmemEvent> draft,
      Optional<TaskId> by,
      Endpoint caller,
      Predicate<TaskId> taken) {
    if (revision.find(Operation.LAST_PUT).isPresent()) {
      Callbacks.begin(draft, setup.whole(), by, caller, taken);
    }
  }

  private boolean batches(GmemTask task) {
    return program(task).at(task.at()) instanceof Instruction.Perform(Act act, int _, int _)
        && act.equals(new Act.GetFolio(true));
  }

  private boolean allocates(GmemTask task) {
    return task.operation() == Operation.ALLOCATE
        && program(task).at(task.at()) instanceof Instruction.Perform(Act act, int _, int _)
        && act instanceof Act.GetFolio;
  }

  /**
   * kvm_gmem_allocate looks for a signal in front of each page. Model: one that comes is found in
   * front of the first page, or of the last one.
   */
  private Decided<GmemEvent> interruptible(
      Draft<GmemState, GmemEvent> draft, TaskId id, GmemTask task, Predicate<TaskId> taken) {
    IndexRange range = task.work().range();
    List<Choice.Alternative<GmemEvent>> alternatives = new ArrayList<>();
    Draft<GmemState, GmemEvent> atFirst = new Draft<>(draft.state(), GmemEvolution::evolve);
    interrupt(atFirst, id, range.start());
    Draft<GmemState, GmemEvent> atLast = new Draft<>(draft.state(), GmemEvolution::evolve);
    step(draft, id, task, taken);
    alternatives.add(new Choice.Alternative<>("allocated", draft.decision()));
    alternatives.add(new Choice.Alternative<>(Chance.SIGNAL_PENDING.word(), atFirst.decision()));
    if (range.pageCount() > 1) {
      long last = range.end() - 1;
      GmemActs.getFolio(
          atLast,
          id,
          task.with(new Work.Get(range.to(range.start(), last), List.of())),
          batches(task));
      interrupt(atLast, id, last);
      alternatives.add(
          new Choice.Alternative<>(
              Chance.SIGNAL_PENDING.word() + "-at-last-page", atLast.decision()));
    }
    return new Choice<>(alternatives);
  }

  private void interrupt(Draft<GmemState, GmemEvent> draft, TaskId id, long page) {
    follow(
        draft,
        id,
        new Flow.Refuse(
            Result.failed(Errno.EINTR),
            "a signal is pending in front of page " + page,
            Optional.empty()));
  }

  private static boolean worksOnItems(Act act) {
    return act instanceof Act.ListDifferences
        || act instanceof Act.StoreItems
        || act instanceof Act.RollBackItems;
  }

  /** An act on the work list, where memory may be short. */
  private Decided<GmemEvent> ofItems(
      Draft<GmemState, GmemEvent> draft,
      TaskId id,
      GmemTask task,
      Act act,
      Predicate<TaskId> taken) {
    GmemState before = draft.state();
    int items = task.work().pieces().size();
    boolean allocates =
        act instanceof Act.RollBackItems
            ? !Items.stored(before, task).isEmpty()
            : act instanceof Act.ListDifferences || items > 0;
    step(draft, id, task, taken);
    if (!allocates) {
      return draft.decision();
    }
    List<Choice.Alternative<GmemEvent>> alternatives = new ArrayList<>();
    alternatives.add(new Choice.Alternative<>("allocated", draft.decision()));
    Draft<GmemState, GmemEvent> failing = new Draft<>(before, GmemEvolution::evolve);
    if (act instanceof Act.ListDifferences(Errno fails)) {
      failAllocation(failing, id, task, fails, task.work().range().start());
    } else if (act instanceof Act.StoreItems(Errno fails)) {
      failAllocation(failing, id, task, fails, task.work().range().start());
    } else {
      follow(failing, id, Flow.NEXT);
    }
    alternatives.add(new Choice.Alternative<>(Chance.ALLOCATION_FAILS.word(), failing.decision()));
    if (act instanceof Act.StoreItems(Errno fails) && items > 1) {
      Draft<GmemState, GmemEvent> atLast = new Draft<>(before, GmemEvolution::evolve);
      Items.store(atLast, task, items - 1);
      failAllocation(atLast, id, task, fails, task.work().range().start());
      alternatives.add(
          new Choice.Alternative<>(
              Chance.ALLOCATION_FAILS.word() + "-at-last-item", atLast.decision()));
    }
    return new Choice<>(alternatives);
  }

  /** The loop of kvm_gmem_set_faultable (RFC v1), which leaves what it stored where it stops. */
  private Decided<GmemEvent> stoppable(
      Draft<GmemState, GmemEvent> draft, TaskId id, GmemTask task, Predicate<TaskId> taken) {
    IndexRange range = task.work().range();
    Draft<GmemState, GmemEvent> atFirst = new Draft<>(draft.state(), GmemEvolution::evolve);
    Draft<GmemState, GmemEvent> atLast = new Draft<>(draft.state(), GmemEvolution::evolve);
    step(draft, id, task, taken);
    follow(atFirst, id, Flow.NEXT);
    List<Choice.Alternative<GmemEvent>> alternatives = new ArrayList<>();
    alternatives.add(new Choice.Alternative<>("allocated", draft.decision()));
    alternatives.add(new Choice.Alternative<>(Chance.ALLOCATION_FAILS.word(), atFirst.decision()));
    if (range.pageCount() > 1) {
      atLast.happen(new GmemEvent.HostFaultsAllowed(range.to(range.start(), range.end() - 1)));
      follow(atLast, id, Flow.NEXT);
      alternatives.add(
          new Choice.Alternative<>(
              Chance.ALLOCATION_FAILS.word() + "-at-last-page", atLast.decision()));
    }
    return new Choice<>(alternatives);
  }

  /** exit_mmap comes with the last mmput, so after the last fault of the process. */
  private void exitMmap(Draft<GmemState, GmemEvent> draft) {
    for (PartyId memory : draft.state().exiting()) {
      if (!draft.state().inUse(memory)) {
        GmemDecider.unmap(draft, memory, setup.whole());
        draft.happen(new GmemEvent.ExitMmapDone(memory));
      }
    }
  }

  private void step(
      Draft<GmemState, GmemEvent> draft, TaskId id, GmemTask task, Predicate<TaskId> taken) {
    switch (program(task).at(task.at())) {
      case Instruction.Acquire(Lock lock, LockMode mode) -> {
        draft.happen(new GmemEvent.LockTaken(id, lock, mode, task.work().range()));
        settle(draft, id, task.at() + 1);
      }
      case Instruction.Perform(Act act, int _, int _) ->
          follow(draft, id, acts.perform(draft, id, task, act, taken));
      case Instruction.Return() -> returned(draft, id, task);
      case Instruction.Release _ -> settle(draft, id, task.at());
    }
  }

  private void failAllocation(
      Draft<GmemState, GmemEvent> draft, TaskId id, GmemTask task, Errno errno, long named) {
    String reason = "no memory to store attributes of " + task.work().range();
    follow(
        draft,
        id,
        new Flow.Refuse(
            new Result.Failed(errno, Optional.of(new PageIndex(named))), reason, Optional.empty()));
  }

  private void follow(Draft<GmemState, GmemEvent> draft, TaskId id, Flow flow) {
    GmemTask task = draft.state().task(id);
    Program program = program(task);
    switch (flow) {
      case Flow.Next() -> settle(draft, id, task.at() + 1);
      case Flow.Again() -> proceed(draft, id, task.at(task.at()));
      case Flow.Wait() -> proceed(draft, id, task.wait(true));
      case Flow.GoTo(int position) -> settle(draft, id, position);
      case Flow.Refuse(Result result, String reason, Optional<Shows> shows) -> {
        mark(draft, result, reason);
        proceed(draft, id, task.refused(result, shows));
        settle(draft, id, onRefusal(program, task.at()));
      }
    }
  }

  private static int onRefusal(Program program, int position) {
    return program.at(position) instanceof Instruction.Perform(Act _, int onRefusal, int _)
        ? onRefusal
        : position;
  }

  private static void mark(Draft<GmemState, GmemEvent> draft, Result result, String reason) {
    switch (result) {
      case Result.Failed(Errno errno, Optional<PageIndex> _) -> draft.refuse(errno, reason);
      case Result.Sigbus(), Result.Sigsegv() -> draft.signal(reason);
      case Result.Ok _,
          Result.Loaded _,
          Result.Died _,
          Result.MemoryFault _,
          Result.Mmio _,
          Result.VmDead _ -> {}
    }
  }

  static void proceed(Draft<GmemState, GmemEvent> draft, TaskId id, GmemTask task) {
    if (!draft.state().task(id).equals(task)) {
      draft.happen(new GmemEvent.TaskProceeded(id, task));
    }
  }

  /** Moves a task to a position, letting go of locks on the way; ends it where nothing is left. */
  private void settle(Draft<GmemState, GmemEvent> draft, TaskId id, int position) {
    GmemTask task = draft.state().task(id);
    Program program = program(task);
    int at = position;
    while (program.at(at) instanceof Instruction.Release(Lock lock)) {
      draft.happen(new GmemEvent.LockReleased(id, lock, task.work().range()));
      at++;
      if (lock == Lock.FOLIO
          && revision.find(Operation.LAST_PUT).isPresent()
          && !Callbacks.due(draft.state(), setup.whole()).isEmpty()) {
        // The reference went with the lock, and it was the last one.
        proceed(draft, id, task.at(at));
        return;
      }
    }
    boolean over = program.at(at) instanceof Instruction.Return;
    boolean triesAgain =
        task.refusal().isEmpty()
            && task.work() instanceof Work.HostFault fault
            && fault.then() instanceof Work.Then.Touch;
    if (over && !triesAgain) {
      returned(draft, id, task);
    } else {
      proceed(draft, id, task.at(at));
    }
  }

  /** The list is walked to its end. */
  private void returned(Draft<GmemState, GmemEvent> draft, TaskId id, GmemTask task) {
    if (task.refusal().isPresent()) {
      finish(draft, id, task.refusal().get());
      return;
    }
    if (task.work()
        instanceof
        Work.HostFault(
            PartyId memory,
            IndexRange range,
            List<PfnRange> _,
            Work.Then.Touch(Access access))) {
      // The CPU repeats the access. The entry may be gone again already: then it faults again.
      Optional<PfnRange> mapped = Frames.mapped(draft.state(), memory, range);
      if (mapped.isEmpty()) {
        proceed(draft, id, task.at(0));
        return;
      }
      finish(draft, id, accesses.ofThread(draft, mapped.get(), access));
      return;
    }
    finish(draft, id, Result.ok());
  }

  /** Gives back what a task holds, answers its caller, and ends it. */
  private void finish(Draft<GmemState, GmemEvent> draft, TaskId id, Result result) {
    GmemTask task = draft.state().task(id);
    switch (task.work()) {
      case Work.Conversion conversion -> conversionEnds(draft, id, task, conversion, result);
      case Work.Punch _ ->
          draft.send(id, task.caller(), new GmemToProcess.Returned(result, Optional.empty()));
      case Work.HostFault fault -> hostFaultEnds(draft, id, task, fault, result);
      case Work.GetUserPages pin -> getUserPagesEnds(draft, id, task, pin);
      case Work.Get get when task.operation() == Operation.ALLOCATE -> {
        if (!get.folios().isEmpty()) {
          draft.happen(new GmemEvent.FoliosUnlocked(get.folios()));
          draft.happen(new GmemEvent.FoliosPut(get.folios()));
        }
        draft.send(id, task.caller(), new GmemToProcess.Returned(result, Optional.empty()));
      }
      case Work.Get get -> getPageEnds(draft, id, task, get, result);
      case Work.Query query ->
          draft.send(
              id,
              task.caller(),
              new GmemToProcess.Returned(query.answer().orElse(result), Optional.empty()));
      case Work.LastPut put -> Callbacks.letGo(draft, id, put);
    }
    draft.happen(new GmemEvent.TaskEnded(id));
  }

  private void conversionEnds(
      Draft<GmemState, GmemEvent> draft,
      TaskId id,
      GmemTask task,
      Work.Conversion conversion,
      Result result) {
    draft.send(id, task.caller(), conversionAnswer(task, result));
    Watch watch = new Watch(task.caller(), conversion.range());
    if (task.refusal().isPresent() && watches(task) && !draft.state().watches().contains(watch)) {
      draft.happen(new GmemEvent.WatchSet(watch));
    }
  }

  private void hostFaultEnds(
      Draft<GmemState, GmemEvent> draft,
      TaskId id,
      GmemTask task,
      Work.HostFault fault,
      Result result) {
    if (task.refusal().isPresent() && !fault.folios().isEmpty()) {
      draft.happen(new GmemEvent.FoliosUnlocked(fault.folios()));
      draft.happen(new GmemEvent.FoliosPut(fault.folios()));
    }
    switch (fault.then()) {
      case Work.Then.Touch _ ->
          draft.send(id, task.caller(), new HostMemoryToProcess.Touched(result));
      case Work.Then.Resume(TaskId pin) -> resume(draft, pin, task.refusal());
    }
  }

  private static void getUserPagesEnds(
      Draft<GmemState, GmemEvent> draft, TaskId id, GmemTask task, Work.GetUserPages pin) {
    if (task.refusal().isEmpty()) {
      draft.send(id, task.caller(), new PagesAnswer.Got(pin.range(), pin.taken()));
      return;
    }
    if (!pin.taken().isEmpty()) {
      GupActs.putBack(draft, pin.foll(), pin.taken());
    }
    draft.send(id, task.caller(), new PagesAnswer.NotGot(Errno.EFAULT));
  }

  private static void getPageEnds(
      Draft<GmemState, GmemEvent> draft, TaskId id, GmemTask task, Work.Get get, Result result) {
    if (task.refusal().isPresent()) {
      if (!get.folios().isEmpty()) {
        draft.happen(new GmemEvent.FoliosUnlocked(get.folios()));
        draft.happen(new GmemEvent.FoliosPut(get.folios()));
      }
      draft.send(id, task.caller(), new PagesAnswer.NotGot(errno(result)));
    } else {
      draft.happen(new GmemEvent.FoliosUnlocked(get.folios()));
      draft.send(id, task.caller(), new PagesAnswer.Got(get.range(), get.folios()));
    }
  }

  private static Message conversionAnswer(GmemTask task, Result result) {
    return switch (task.operation()) {
      case AGREE_TO_PRIVATE, AGREE_TO_SHARED -> new GmemToKvm.Agreed(result);
      case CONVERT_TO_PRIVATE,
          CONVERT_TO_SHARED,
          CANCEL_CONVERSION,
          HOST_FAULT,
          GET_USER_PAGES,
          GET_USER_PAGES_FAST,
          GET_PAGE,
          PUNCH_HOLE,
          ALLOCATE,
          QUERY_MAPPABLE,
          LAST_PUT,
          GUEST_FAULT ->
          new GmemToProcess.Returned(result, task.shows());
    };
  }

  private boolean watches(GmemTask task) {
    return program(task).acts().stream()
        .anyMatch(act -> act instanceof Act.CheckReferences check && check.notifies());
  }

  private static Errno errno(Result result) {
    return result instanceof Result.Failed failed ? failed.errno() : Errno.EFAULT;
  }

  /** A fault that get_user_pages waited for is over. */
  private void resume(Draft<GmemState, GmemEvent> draft, TaskId pin, Optional<Result> refusal) {
    GmemTask task = draft.state().task(pin).wait(false);
    proceed(draft, pin, task);
    if (refusal.isPresent()) {
      // get_user_pages hides the signal: the caller gets EFAULT.
      follow(
          draft,
          pin,
          new Flow.Refuse(
              Result.failed(Errno.EFAULT), "a page cannot be faulted in", Optional.empty()));
    } else {
      settle(draft, pin, task.at() + 1);
    }
  }

  /** A VM has answered an invalidation. */
  void invalidated(Draft<GmemState, GmemEvent> draft, TaskId id, PartyId vm) {
    Optional<GmemTask> found = draft.state().findTask(id);
    List<PartyId> left =
        new ArrayList<>(found.map(task -> awaiting(task.work())).orElse(List.of()));
    if (!left.remove(vm)) {
      draft.ignore(vm + " was not asked");
      return;
    }
    GmemTask task = found.get();
    GmemTask answered = task.with(withAwaiting(task.work(), left)).wait(!left.isEmpty());
    proceed(draft, id, answered);
    if (left.isEmpty()) {
      settle(draft, id, task.at() + 1);
    }
  }

  /**
   * The trust anchor has answered tell-anchor.
   *
   * @param refused why it did nothing
   */
  void anchorAnswered(
      Draft<GmemState, GmemEvent> draft, TaskId id, Optional<Errno> refused, String reason) {
    Optional<GmemTask> found = draft.state().findTask(id).filter(GmemTask::waiting);
    if (found.isEmpty() || !tellsAnchor(found.get())) {
      draft.ignore("task " + id + " does not wait for it");
      return;
    }
    proceed(draft, id, found.get().wait(false));
    if (refused.isEmpty() || acts.ignoresRefusal(draft.state(), found.get())) {
      settle(draft, id, found.get().at() + 1);
    } else {
      Result result =
          found.get().operation() == Operation.HOST_FAULT
              ? new Result.Sigbus()
              : Result.failed(refused.get());
      follow(draft, id, new Flow.Refuse(result, reason, Optional.empty()));
    }
  }

  private boolean tellsAnchor(GmemTask task) {
    return program(task).at(task.at()) instanceof Instruction.Perform(Act act, int _, int _)
        && act instanceof Act.TellAnchor;
  }

  private static List<PartyId> awaiting(Work work) {
    return switch (work) {
      case Work.Conversion conversion -> conversion.awaiting();
      case Work.Punch punch -> punch.awaiting();
      case Work.HostFault _, Work.GetUserPages _, Work.Get _, Work.LastPut _, Work.Query _ ->
          List.of();
    };
  }

  static Work withAwaiting(Work work, List<PartyId> awaiting) {
    return switch (work) {
      case Work.Conversion conversion ->
          new Work.Conversion(
              conversion.range(), conversion.target(), awaiting, conversion.items());
      case Work.Punch(IndexRange range, List<PartyId> _) -> new Work.Punch(range, awaiting);
      case Work.HostFault _, Work.GetUserPages _, Work.Get _, Work.LastPut _, Work.Query _ ->
          throw new IllegalStateException("no VM is asked by " + work);
    };
  }

  /** Tells those who wait for references to go, and only once. */
  void notifyWatchers(Draft<GmemState, GmemEvent> draft) {
    for (Watch watch : draft.state().watches()) {
      if (Busy.lowest(draft.state(), watch.range()).isEmpty()) {
        draft.happen(new GmemEvent.WatchDropped(watch));
        draft.send(TaskId.NONE, watch.who(), new GmemToProcess.Unblocked(watch.range()));
      }
    }
  }
}
