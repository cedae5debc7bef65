package dev.faultline.protocol.gmem;

import dev.faultline.protocol.Chance;
import dev.faultline.protocol.Choice;
import dev.faultline.protocol.Decided;
import dev.faultline.protocol.Draft;
import dev.faultline.protocol.TaskNumbers;
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
import dev.faultline.protocol.memory.RangeSet;
import dev.faultline.protocol.memory.Run;
import dev.faultline.protocol.message.Access;
import dev.faultline.protocol.message.Endpoint;
import dev.faultline.protocol.message.GmemToKvm;
import dev.faultline.protocol.message.GmemToProcess;
import dev.faultline.protocol.message.HostMemoryToProcess;
import dev.faultline.protocol.message.PagesAnswer;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.Result;
import dev.faultline.protocol.message.Shows;
import dev.faultline.protocol.message.TaskId;
import dev.faultline.protocol.message.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a task of the inode does next, and what each act of a revision's list does there. */
final class GmemActs {

  private final Revision revision;
  private final GmemSetup setup;

  GmemActs(Revision revision, GmemSetup setup) {
    this.revision = revision;
    this.setup = setup;
  }

  /** Where a task goes after an act. */
  private sealed interface Then {
    record Next() implements Then {}

    record Again() implements Then {}

    record Wait() implements Then {}

    record GoTo(int position) implements Then {}

    record Refuse(Result result, String reason, Optional<Shows> shows) implements Then {}
  }

  private static final Then NEXT = new Then.Next();

  private Program program(GmemTask task) {
    return revision.program(task.operation());
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
          !waitsForFolioLock(act) || foliosUnlocked(state, id, task.work().range());
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
        || act instanceof Act.RemovePages;
  }

  private static boolean foliosUnlocked(GmemState state, TaskId id, IndexRange range) {
    return state.folios(range).stream()
        .allMatch(run -> run.value().lockedBy().filter(holder -> !holder.equals(id)).isEmpty());
  }

  // One step of a task.

  Decided<GmemEvent> advance(Draft<GmemState, GmemEvent> draft, TaskId id, List<TaskId> taken) {
    Optional<GmemTask> found = draft.state().findTask(id);
    if (found.isEmpty() || !canMove(draft.state(), id)) {
      draft.ignore("task " + id + " cannot move");
      return draft.decision();
    }
    GmemTask task = found.get();
    if (program(task).at(task.at()) instanceof Instruction.Perform(Act act, int _, int _)
        && act instanceof Act.Preallocate(Errno fails)
        && setup.open().contains(Chance.ALLOCATION_FAILS)) {
      Draft<GmemState, GmemEvent> failing = new Draft<>(draft.state(), GmemEvolution::evolve);
      step(draft, id, task, taken);
      failAllocation(failing, id, task, fails);
      return new Choice<>(
          List.of(
              new Choice.Alternative<>("allocated", draft.decision()),
              new Choice.Alternative<>(Chance.ALLOCATION_FAILS.word(), failing.decision())));
    }
    step(draft, id, task, taken);
    notifyWatchers(draft);
    return draft.decision();
  }

  private void step(
      Draft<GmemState, GmemEvent> draft, TaskId id, GmemTask task, List<TaskId> taken) {
    switch (program(task).at(task.at())) {
      case Instruction.Acquire(Lock lock, LockMode mode) -> {
        draft.happen(new GmemEvent.LockTaken(id, lock, mode, task.work().range()));
        settle(draft, id, task.at() + 1);
      }
      case Instruction.Perform(Act act, int _, int _) ->
          follow(draft, id, perform(draft, id, task, act, taken));
      case Instruction.Return() -> returned(draft, id, task);
      case Instruction.Release _ ->
          throw new IllegalStateException("a task stands at a release: " + task);
    }
  }

  private void failAllocation(
      Draft<GmemState, GmemEvent> draft, TaskId id, GmemTask task, Errno errno) {
    PageIndex start = task.work().range().first();
    String reason = "no memory to store attributes of " + task.work().range();
    follow(
        draft,
        id,
        new Then.Refuse(new Result.Failed(errno, Optional.of(start)), reason, Optional.empty()));
  }

  private void follow(Draft<GmemState, GmemEvent> draft, TaskId id, Then then) {
    GmemTask task = draft.state().task(id);
    Program program = program(task);
    switch (then) {
      case Then.Next() -> settle(draft, id, task.at() + 1);
      case Then.Again() -> proceed(draft, id, task.at(task.at()));
      case Then.Wait() -> proceed(draft, id, task.wait(true));
      case Then.GoTo(int position) -> settle(draft, id, position);
      case Then.Refuse(Result result, String reason, Optional<Shows> shows) -> {
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
      case Result.Sigbus() -> draft.signal(reason);
      case Result.Ok _, Result.Loaded _, Result.Died _, Result.MemoryFault _, Result.VmDead _ -> {}
    }
  }

  private static void proceed(Draft<GmemState, GmemEvent> draft, TaskId id, GmemTask task) {
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
      Optional<PfnRange> mapped = mapped(draft.state(), memory, range);
      if (mapped.isEmpty()) {
        proceed(draft, id, task.at(0));
        return;
      }
      finish(draft, id, GmemDecider.transfer(draft, mapped.get(), access));
      return;
    }
    finish(draft, id, Result.ok());
  }

  /** Gives back what a task holds, answers its caller, and ends it. */
  private void finish(Draft<GmemState, GmemEvent> draft, TaskId id, Result result) {
    GmemTask task = draft.state().task(id);
    Endpoint caller = task.caller();
    boolean failed = task.refusal().isPresent();
    switch (task.work()) {
      case Work.Conversion conversion -> {
        draft.send(id, caller, conversionAnswer(task, result));
        if (failed && watches(task)) {
          Watch watch = new Watch(caller, conversion.range());
          if (!draft.state().watches().contains(watch)) {
            draft.happen(new GmemEvent.WatchSet(watch));
          }
        }
      }
      case Work.Punch _ ->
          draft.send(id, caller, new GmemToProcess.Returned(result, Optional.empty()));
      case Work.HostFault fault -> {
        if (failed && !fault.folios().isEmpty()) {
          draft.happen(new GmemEvent.FoliosUnlocked(fault.folios()));
          draft.happen(new GmemEvent.FoliosPut(fault.folios()));
        }
        switch (fault.then()) {
          case Work.Then.Touch _ -> draft.send(id, caller, new HostMemoryToProcess.Touched(result));
          case Work.Then.Resume(TaskId pin) -> resume(draft, pin, task.refusal());
        }
      }
      case Work.Pin pin -> {
        if (failed) {
          if (!pin.taken().isEmpty()) {
            draft.happen(new GmemEvent.FoliosUnpinned(pin.taken()));
          }
          draft.send(id, caller, new PagesAnswer.NotGot(Errno.EFAULT));
        } else {
          draft.send(id, caller, new PagesAnswer.Got(pin.range(), pin.taken()));
        }
      }
      case Work.Get get -> {
        if (failed) {
          draft.send(id, caller, new PagesAnswer.NotGot(errno(result)));
        } else {
          draft.happen(new GmemEvent.FoliosUnlocked(get.folios()));
          draft.send(id, caller, new PagesAnswer.Got(get.range(), get.folios()));
        }
      }
    }
    draft.happen(new GmemEvent.TaskEnded(id));
  }

  private static dev.faultline.protocol.message.Message conversionAnswer(
      GmemTask task, Result result) {
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
          new Then.Refuse(
              Result.failed(Errno.EFAULT), "a page cannot be faulted in", Optional.empty()));
    } else {
      settle(draft, pin, task.at() + 1);
    }
  }

  /** A VM has answered an invalidation. */
  void invalidated(Draft<GmemState, GmemEvent> draft, TaskId id, PartyId vm) {
    GmemTask task = draft.state().task(id);
    List<PartyId> left = new ArrayList<>(awaiting(task.work()));
    if (!left.remove(vm)) {
      draft.ignore(vm + " was not asked");
      return;
    }
    GmemTask answered = task.with(withAwaiting(task.work(), left)).wait(!left.isEmpty());
    proceed(draft, id, answered);
    if (left.isEmpty()) {
      settle(draft, id, task.at() + 1);
    }
  }

  private static List<PartyId> awaiting(Work work) {
    return switch (work) {
      case Work.Conversion conversion -> conversion.awaiting();
      case Work.Punch punch -> punch.awaiting();
      case Work.HostFault _, Work.Pin _, Work.Get _ -> List.of();
    };
  }

  private static Work withAwaiting(Work work, List<PartyId> awaiting) {
    return switch (work) {
      case Work.Conversion(IndexRange range, View target, List<PartyId> _) ->
          new Work.Conversion(range, target, awaiting);
      case Work.Punch(IndexRange range, List<PartyId> _) -> new Work.Punch(range, awaiting);
      case Work.HostFault _, Work.Pin _, Work.Get _ ->
          throw new IllegalStateException("no VM is asked by " + work);
    };
  }

  /** Tells those who wait for references to go, and only once. */
  void notifyWatchers(Draft<GmemState, GmemEvent> draft) {
    for (Watch watch : draft.state().watches()) {
      if (busiest(draft.state(), watch.range()).isEmpty()) {
        draft.happen(new GmemEvent.WatchDropped(watch));
        draft.send(TaskId.NONE, watch.who(), new GmemToProcess.Unblocked(watch.range()));
      }
    }
  }

  // The acts.

  private Then perform(
      Draft<GmemState, GmemEvent> draft, TaskId id, GmemTask task, Act act, List<TaskId> taken) {
    GmemState state = draft.state();
    IndexRange range = task.work().range();
    return switch (act) {
      case Act.DoneIfUnchanged() ->
          isUnchanged(state, range, target(task)) ? new Then.GoTo(wayOut(task)) : NEXT;
      case Act.Preallocate _ -> NEXT;
      case Act.UnmapHost() -> unmapHost(draft, range);
      case Act.CheckReferences check -> checkReferences(state, range, check);
      case Act.CheckMappedOrPinned(Errno busy) -> checkMappedOrPinned(state, range, busy);
      case Act.InvalidateGuestBegin(Act.Zap zap) ->
          askVms(draft, id, task, kinds(state, task, zap), true);
      case Act.InvalidateGuestEnd() -> askVms(draft, id, task, List.of(), false);
      case Act.StoreAttributes() -> {
        draft.happen(new GmemEvent.AttributesStored(range, target(task)));
        yield NEXT;
      }
      case Act.ForbidHostFaults() -> {
        draft.happen(new GmemEvent.HostFaultsForbidden(range));
        yield NEXT;
      }
      case Act.AllowHostFaults() -> {
        draft.happen(new GmemEvent.HostFaultsAllowed(range));
        yield NEXT;
      }
      case Act.ClearUptodate() -> {
        draft.happen(new GmemEvent.FoliosUnprepared(range));
        yield NEXT;
      }
      case Act.RemovePages() -> {
        draft.happen(new GmemEvent.PagesRemoved(range));
        yield NEXT;
      }
      case Act.RefusePrivate() -> refusePrivate(state, range);
      case Act.RefuseForbidden() -> refuseForbidden(state, range);
      case Act.GetFolio() -> getFolio(draft, id, task);
      case Act.ZeroIfNew() -> zeroIfNew(draft, held(task.work()));
      case Act.MapPage() -> mapPage(draft, id, task);
      case Act.ReadMapping() -> readMapping(draft, id, task, pin(task));
      case Act.TakeReference() -> takeReference(draft, id, task, pin(task));
      case Act.ReadMappingAgain() -> readMappingAgain(draft, id, task, pin(task));
      case Act.FaultIn() -> faultIn(draft, id, pin(task), taken);
      case Act.TakeMapped() -> takeMapped(draft, id, task, pin(task));
      case Act.AskInode _,
          Act.SnapshotInvalidations _,
          Act.ReadAttribute _,
          Act.CompareView _,
          Act.GetPage _,
          Act.CheckStale _,
          Act.InstallMapping _ ->
          throw new IllegalStateException("no act of an inode: " + act.word());
    };
  }

  private static View target(GmemTask task) {
    return task.work() instanceof Work.Conversion conversion ? conversion.target() : View.SHARED;
  }

  private static boolean isUnchanged(GmemState state, IndexRange range, View target) {
    return state.attributes().isAll(range, target)
        && (target == View.PRIVATE || state.faultable().containsAll(range));
  }

  /** The position from which nothing but letting go of locks is left, for a task that is done. */
  private int wayOut(GmemTask task) {
    return program(task).at(task.at()) instanceof Instruction.Perform(Act _, int _, int onDone)
        ? onDone
        : task.at();
  }

  private static Then unmapHost(Draft<GmemState, GmemEvent> draft, IndexRange range) {
    List<PartyId> mappers = draft.state().mappers(range);
    if (mappers.isEmpty()) {
      return NEXT;
    }
    draft.happen(new GmemEvent.HostUnmapped(mappers.getFirst(), range));
    return mappers.size() == 1 ? NEXT : new Then.Again();
  }

  private record Busy(PageIndex at, Folio folio, int mappings) {

    String text() {
      List<String> who = new ArrayList<>();
      if (mappings > 0) {
        who.add(count(mappings, "host mapping"));
      }
      if (folio.pins() > 0) {
        who.add(count(folio.pins(), "pin"));
      }
      if (folio.references() > 0) {
        who.add(count(folio.references(), "reference") + " of a fault under way");
      }
      return at.number()
          + " has "
          + (1 + mappings + folio.extra())
          + " references where the page cache has 1: "
          + String.join(", ", who);
    }

    Shows shows() {
      return new Shows(mappings > 0, folio.pins() > 0, folio.references() > 0);
    }

    private static String count(int number, String what) {
      return number + " " + what + (number == 1 ? "" : "s");
    }
  }

  /** The first page of a range that someone besides the page cache refers to. */
  private static Optional<Busy> busiest(GmemState state, IndexRange range) {
    RangeSet<IndexRange> used = RangeSet.empty();
    for (Run<IndexRange, Folio> run : state.folios(range)) {
      if (run.value().extra() > 0) {
        used = used.with(run.range());
      }
    }
    for (PartyId memory : state.mappers(range)) {
      for (Run<IndexRange, Integer> run : state.pageTable(memory).runs(range)) {
        used = used.with(run.range());
      }
    }
    List<IndexRange> ranges = used.ranges(range);
    if (ranges.isEmpty()) {
      return Optional.empty();
    }
    IndexRange first = IndexRange.of(ranges.getFirst().first(), 1);
    Folio folio = state.folios(first).getFirst().value();
    return Optional.of(new Busy(first.first(), folio, state.mappers(first).size()));
  }

  private static Then checkReferences(
      GmemState state, IndexRange range, Act.CheckReferences check) {
    Optional<Busy> busy = busiest(state, range);
    if (busy.isEmpty()) {
      return NEXT;
    }
    Optional<PageIndex> at = check.reportLowest() ? Optional.of(busy.get().at()) : Optional.empty();
    Optional<Shows> shows = check.shows() ? Optional.of(busy.get().shows()) : Optional.empty();
    return new Then.Refuse(new Result.Failed(check.busy(), at), busy.get().text(), shows);
  }

  private static Then checkMappedOrPinned(GmemState state, IndexRange range, Errno busy) {
    for (Run<IndexRange, Folio> run : state.folios(range)) {
      List<PartyId> mappers = state.mappers(run.range());
      if (!mappers.isEmpty() || run.value().pins() > 0) {
        String reason =
            !mappers.isEmpty()
                ? "a page of " + run.range() + " is mapped by " + mappers.getFirst()
                : run.range() + " may be pinned for DMA";
        return new Then.Refuse(Result.failed(busy), reason, Optional.empty());
      }
    }
    return NEXT;
  }

  private static List<View> kinds(GmemState state, GmemTask task, Act.Zap zap) {
    return switch (zap) {
      case ALL -> List.of(View.PRIVATE, View.SHARED);
      case OPPOSITE -> List.of(target(task).other());
      case KINDS_IN_RANGE ->
          List.of(View.PRIVATE, View.SHARED).stream()
              .filter(
                  view ->
                      state.attributes().runs(task.work().range()).stream()
                          .anyMatch(run -> run.value() == view))
              .toList();
    };
  }

  private Then askVms(
      Draft<GmemState, GmemEvent> draft,
      TaskId id,
      GmemTask task,
      List<View> kinds,
      boolean begin) {
    List<PartyId> asked = new ArrayList<>();
    for (GmemSetup.Binding binding : setup.bindings()) {
      Optional<IndexRange> bound = binding.index().intersect(task.work().range());
      if (bound.isPresent()) {
        draft.send(
            id,
            Endpoint.of(binding.vm()),
            begin
                ? new GmemToKvm.InvalidateBegin(bound.get(), kinds)
                : new GmemToKvm.InvalidateEnd(bound.get()));
        asked.add(binding.vm());
      }
    }
    if (asked.isEmpty()) {
      return NEXT;
    }
    proceed(draft, id, task.with(withAwaiting(task.work(), asked)));
    return new Then.Wait();
  }

  private static Then refusePrivate(GmemState state, IndexRange range) {
    return state
        .attributes()
        .first(range, view -> view == View.PRIVATE)
        .<Then>map(
            run ->
                new Then.Refuse(
                    new Result.Sigbus(),
                    "page " + run.range().start() + " is private",
                    Optional.empty()))
        .orElse(NEXT);
  }

  private static Then refuseForbidden(GmemState state, IndexRange range) {
    List<IndexRange> forbidden = state.faultable().gaps(range);
    return forbidden.isEmpty()
        ? NEXT
        : new Then.Refuse(
            new Result.Sigbus(),
            "host faults on page " + forbidden.getFirst().start() + " are forbidden",
            Optional.empty());
  }

  private static List<PfnRange> held(Work work) {
    return switch (work) {
      case Work.HostFault fault -> fault.folios();
      case Work.Get get -> get.folios();
      case Work.Conversion _, Work.Punch _, Work.Pin _ ->
          throw new IllegalStateException("no folio is held by " + work);
    };
  }

  private static Then getFolio(Draft<GmemState, GmemEvent> draft, TaskId id, GmemTask task) {
    IndexRange range = task.work().range();
    List<PfnRange> added = new ArrayList<>();
    for (IndexRange gap : draft.state().absent(range)) {
      added.addAll(freshFrames(draft.state(), gap));
    }
    if (!added.isEmpty()) {
      draft.happen(new GmemEvent.FoliosAdded(added));
    }
    List<PfnRange> frames = new ArrayList<>();
    for (Run<IndexRange, Folio> run : draft.state().folios(range)) {
      append(frames, draft.state().frames(run.range(), run.value().generation()));
    }
    draft.happen(new GmemEvent.FoliosGot(id, frames));
    Work got =
        switch (task.work()) {
          case Work.HostFault(PartyId memory, IndexRange _, List<PfnRange> _, Work.Then then) ->
              new Work.HostFault(memory, range, frames, then);
          case Work.Get _ -> new Work.Get(range, frames);
          case Work.Conversion _, Work.Punch _, Work.Pin _ ->
              throw new IllegalStateException("no folio is got by " + task.work());
        };
    proceed(draft, id, task.with(got));
    return NEXT;
  }

  /** Frames for pages without a folio, of the lowest generation that no detached frame has. */
  private static List<PfnRange> freshFrames(GmemState state, IndexRange gap) {
    List<PfnRange> frames = new ArrayList<>();
    List<IndexRange> open = List.of(gap);
    for (int generation = 0; !open.isEmpty(); generation++) {
      List<IndexRange> later = new ArrayList<>();
      for (IndexRange range : open) {
        PfnRange wanted = state.frames(range, generation);
        for (PfnRange free : state.detached().gaps(wanted)) {
          frames.add(free);
        }
        for (Run<PfnRange, Folio> used : state.detached().runs(wanted)) {
          later.add(state.indices(used.range()));
        }
      }
      open = later;
    }
    return frames;
  }

  /** Appends frames, joined with the ones before where they follow on. */
  private static void append(List<PfnRange> frames, PfnRange next) {
    if (!frames.isEmpty() && frames.getLast().end() == next.start()) {
      frames.set(frames.size() - 1, new PfnRange(frames.getLast().start(), next.end()));
    } else {
      frames.add(next);
    }
  }

  private static Then zeroIfNew(Draft<GmemState, GmemEvent> draft, List<PfnRange> frames) {
    List<PfnRange> stale = new ArrayList<>();
    for (PfnRange piece : frames) {
      for (Run<IndexRange, Folio> run : draft.state().folios(draft.state().indices(piece))) {
        if (!run.value().uptodate()) {
          append(stale, draft.state().frames(run.range(), run.value().generation()));
        }
      }
    }
    if (!stale.isEmpty()) {
      draft.happen(new GmemEvent.FoliosZeroed(stale));
    }
    return NEXT;
  }

  private static Then mapPage(Draft<GmemState, GmemEvent> draft, TaskId id, GmemTask task) {
    if (!(task.work()
        instanceof
        Work.HostFault(PartyId memory, IndexRange range, List<PfnRange> frames, Work.Then then))) {
      throw new IllegalStateException("no host fault: " + task);
    }
    draft.happen(new GmemEvent.HostMapped(memory, frames));
    proceed(draft, id, task.with(new Work.HostFault(memory, range, List.of(), then)));
    return NEXT;
  }

  // get_user_pages.

  private static Work.Pin pin(GmemTask task) {
    if (task.work() instanceof Work.Pin pin) {
      return pin;
    }
    throw new IllegalStateException("no get_user_pages: " + task);
  }

  private int position(GmemTask task, Class<? extends Act> wanted) {
    return program(task)
        .find(wanted::isInstance)
        .orElseThrow(() -> new IllegalStateException("no such act in " + task.operation().word()));
  }

  private static long pages(List<PfnRange> frames) {
    return frames.stream().mapToLong(PfnRange::pageCount).sum();
  }

  private Then readMapping(
      Draft<GmemState, GmemEvent> draft, TaskId id, GmemTask task, Work.Pin pin) {
    List<PfnRange> seen = draft.state().mappedPrefix(pin.memory(), pin.range());
    if (pages(seen) < pin.range().pageCount()) {
      return new Then.GoTo(position(task, Act.FaultIn.class));
    }
    proceed(draft, id, task.with(pin(pin, List.of(), seen)));
    return NEXT;
  }

  private Then takeReference(
      Draft<GmemState, GmemEvent> draft, TaskId id, GmemTask task, Work.Pin pin) {
    if (pin.seen().stream().anyMatch(frames -> !exists(draft.state(), frames))) {
      // try_get_folio fails on a folio that has been freed.
      return new Then.GoTo(position(task, Act.FaultIn.class));
    }
    draft.happen(new GmemEvent.FoliosPinned(pin.seen()));
    boolean looksAgain = program(task).find(act -> act instanceof Act.ReadMappingAgain).isPresent();
    if (!looksAgain) {
      // A design without the second look takes what it got for good.
      proceed(draft, id, task.with(pin(pin, pin.seen(), List.of())));
      return new Then.GoTo(wayOut(task));
    }
    return NEXT;
  }

  private static boolean exists(GmemState state, PfnRange frames) {
    long attached =
        state.folios(state.indices(frames)).stream()
            .filter(run -> run.value().generation() == state.generation(frames))
            .mapToLong(run -> run.range().pageCount())
            .sum();
    long detached =
        state.detached().runs(frames).stream().mapToLong(run -> run.range().pageCount()).sum();
    return attached + detached == frames.pageCount();
  }

  private Then readMappingAgain(
      Draft<GmemState, GmemEvent> draft, TaskId id, GmemTask task, Work.Pin pin) {
    if (draft.state().mappedPrefix(pin.memory(), pin.range()).equals(pin.seen())) {
      proceed(draft, id, task.with(pin(pin, pin.seen(), List.of())));
      return new Then.GoTo(wayOut(task));
    }
    draft.happen(new GmemEvent.FoliosUnpinned(pin.seen()));
    proceed(draft, id, task.with(pin(pin, List.of(), List.of())));
    return new Then.GoTo(position(task, Act.FaultIn.class));
  }

  private static Work.Pin pin(Work.Pin pin, List<PfnRange> taken, List<PfnRange> seen) {
    return new Work.Pin(pin.memory(), pin.range(), pin.longTerm(), taken, seen);
  }

  /** Model: the next pages that are not mapped fault as one; the kernel faults one by one. */
  private Then faultIn(
      Draft<GmemState, GmemEvent> draft, TaskId id, Work.Pin pin, List<TaskId> taken) {
    IndexRange rest = new IndexRange(pin.range().start() + pin.takenPages(), pin.range().end());
    List<IndexRange> unmapped = draft.state().pageTable(pin.memory()).gaps(rest);
    if (unmapped.isEmpty() || unmapped.getFirst().start() != rest.start()) {
      return NEXT;
    }
    TaskId fault = TaskNumbers.lowestFree(draft.state().tasks(), taken);
    draft.happen(
        new GmemEvent.TaskStarted(
            fault,
            GmemTask.start(
                Operation.HOST_FAULT,
                draft.state().task(id).caller(),
                new Work.HostFault(
                    pin.memory(), unmapped.getFirst(), List.of(), new Work.Then.Resume(id)))));
    return new Then.Wait();
  }

  private Then takeMapped(
      Draft<GmemState, GmemEvent> draft, TaskId id, GmemTask task, Work.Pin pin) {
    IndexRange rest = new IndexRange(pin.range().start() + pin.takenPages(), pin.range().end());
    List<PfnRange> mapped = draft.state().mappedPrefix(pin.memory(), rest);
    if (mapped.isEmpty()) {
      return new Then.GoTo(position(task, Act.FaultIn.class));
    }
    draft.happen(new GmemEvent.FoliosPinned(mapped));
    List<PfnRange> all = new ArrayList<>(pin.taken());
    mapped.forEach(frames -> append(all, frames));
    proceed(draft, id, task.with(pin(pin, all, List.of())));
    return pages(mapped) == rest.pageCount()
        ? new Then.GoTo(wayOut(task))
        : new Then.GoTo(position(task, Act.FaultIn.class));
  }

  /** The frame behind a page of a process, if its page table has it. */
  Optional<PfnRange> mapped(GmemState state, PartyId memory, IndexRange page) {
    List<PfnRange> frames = state.mappedPrefix(memory, page);
    return pages(frames) == page.pageCount() && frames.size() == 1
        ? Optional.of(frames.getFirst())
        : Optional.empty();
  }
}
