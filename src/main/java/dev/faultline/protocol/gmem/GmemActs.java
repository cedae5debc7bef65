package dev.faultline.protocol.gmem;

import dev.faultline.protocol.Draft;
import dev.faultline.protocol.design.Act;
import dev.faultline.protocol.design.Program;
import dev.faultline.protocol.design.Revision;
import dev.faultline.protocol.memory.Errno;
import dev.faultline.protocol.memory.IndexRange;
import dev.faultline.protocol.memory.PageIndex;
import dev.faultline.protocol.memory.PfnRange;
import dev.faultline.protocol.memory.Run;
import dev.faultline.protocol.message.Endpoint;
import dev.faultline.protocol.message.GmemToKvm;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.Result;
import dev.faultline.protocol.message.Shows;
import dev.faultline.protocol.message.TaskId;
import dev.faultline.protocol.message.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** What each act of a revision's list does at the inode. */
final class GmemActs {

  private final Revision revision;
  private final GmemSetup setup;
  private final GupActs pins;
  private final Hooks hooks;

  GmemActs(Revision revision, GmemSetup setup) {
    this.revision = revision;
    this.setup = setup;
    this.pins = new GupActs(revision);
    this.hooks = new Hooks(revision, setup);
  }

  private Program program(GmemTask task) {
    return revision.program(task.operation());
  }

  Flow perform(
      Draft<GmemState, GmemEvent> draft,
      TaskId id,
      GmemTask task,
      Act act,
      Predicate<TaskId> taken) {
    GmemState state = draft.state();
    IndexRange range = task.work().range();
    return switch (act) {
      case Act.DoneIfUnchanged() ->
          isUnchanged(state, range, target(task))
              ? new Flow.GoTo(GmemTasks.wayOut(program(task), task))
              : Flow.NEXT;
      case Act.Preallocate _ -> Flow.NEXT;
      case Act.UnmapHost(boolean callerOnly) ->
          unmapHost(
              draft,
              task.work().pieces(),
              callerOnly ? setup.memoryOf(task.caller().party()) : Optional.empty());
      case Act.CheckReferences check -> checkReferences(state, task.work().pieces(), check);
      case Act.CheckMappedOrPinned(Errno busy) -> checkMappedOrPinned(state, range, busy);
      case Act.InvalidateGuestBegin(Act.Kinds kinds) ->
          askVms(draft, id, task, kinds(state, task, kinds), true);
      case Act.InvalidateGuestEnd() -> askVms(draft, id, task, List.of(), false);
      case Act.StoreAttributes() -> {
        for (IndexRange piece : task.work().pieces()) {
          draft.happen(new GmemEvent.AttributesStored(piece, target(task)));
        }
        yield Flow.NEXT;
      }
      case Act.DrainBatches(boolean callerOnly) ->
          drainBatches(draft, callerOnly ? Optional.of(task.caller().party()) : Optional.empty());
      case Act.ConvertPageByPage(Errno busy) -> convertNextPage(draft, range, target(task), busy);
      case Act.ForbidHostFaults(boolean wholeEntries) -> {
        draft.happen(
            new GmemEvent.HostFaultsForbidden(wholeEntries ? entries(state, range) : range));
        yield Flow.NEXT;
      }
      case Act.AllowHostFaults _ -> {
        draft.happen(new GmemEvent.HostFaultsAllowed(range));
        yield Flow.NEXT;
      }
      case Act.ClearUptodate() -> {
        draft.happen(new GmemEvent.FoliosUnprepared(range));
        yield Flow.NEXT;
      }
      case Act.TellMappable() -> {
        Result answer = new Result.Loaded(state.faultable().containsAll(range) ? 1 : 0);
        GmemTasks.proceed(draft, id, task.with(new Work.Query(range, Optional.of(answer))));
        yield Flow.NEXT;
      }
      case Act.ListDifferences _ -> Items.list(draft, id, task);
      case Act.StoreItems _ -> Items.store(draft, task, task.work().pieces().size());
      case Act.RollBackItems() -> Items.rollBack(draft, task);
      case Act.ClearMappable() -> Callbacks.clearMappable(draft, range);
      case Act.RegisterCallbacks() -> Callbacks.register(draft, range);
      case Act.PutFolios() -> Flow.NEXT;
      case Act.WaitForCallbacks(Errno cancelled) -> Callbacks.whenSettled(state, range, cancelled);
      case Act.CancelCallbacks() -> Callbacks.cancel(draft, range);
      case Act.SettleUnreferenced() -> Callbacks.settle(draft, range);
      case Act.DeferToWorker() -> {
        Callbacks.letGo(draft, id, lastPut(task));
        yield Flow.NEXT;
      }
      case Act.CompletePending(boolean ifRegistered) ->
          Callbacks.complete(draft, lastPut(task), ifRegistered);
      case Act.RemovePages() -> {
        draft.happen(new GmemEvent.PagesRemoved(range));
        yield Flow.NEXT;
      }
      case Act.RefusePrivate() -> refusePrivate(state, range);
      case Act.RefusePending() -> refusePending(state, range);
      case Act.RefuseForbidden() -> refuseForbidden(state, range);
      case Act.GetFolio(boolean batched) -> getFolio(draft, id, task, batched);
      case Act.ZeroIfNew() -> zeroIfNew(draft, held(task.work()));
      case Act.MapPage() -> mapPage(draft, id, task);
      case Act.ReadMapping() -> pins.readMapping(draft, id, task, GupActs.pin(task));
      case Act.TakeReference() -> pins.takeReference(draft, id, task, GupActs.pin(task));
      case Act.ReadMappingAgain() -> pins.readMappingAgain(draft, id, task, GupActs.pin(task));
      case Act.FaultIn() -> pins.faultIn(draft, id, GupActs.pin(task), taken);
      case Act.TakeMapped() -> pins.takeMapped(draft, id, task, GupActs.pin(task));
      case Act.TellAnchor() -> hooks.tell(draft, id, task);
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

  private static Work.LastPut lastPut(GmemTask task) {
    if (task.work() instanceof Work.LastPut put) {
      return put;
    }
    throw new IllegalStateException("no last put: " + task);
  }

  private static View target(GmemTask task) {
    return task.work() instanceof Work.Conversion conversion ? conversion.target() : View.SHARED;
  }

  private static boolean isUnchanged(GmemState state, IndexRange range, View target) {
    return state.attributes().isAll(range, target)
        && (target == View.PRIVATE || state.faultable().containsAll(range));
  }

  private static Flow unmapHost(
      Draft<GmemState, GmemEvent> draft, List<IndexRange> pieces, Optional<PartyId> only) {
    List<GmemEvent> entries = new ArrayList<>();
    for (IndexRange piece : pieces) {
      draft.state().mappers(piece).stream()
          .filter(memory -> only.isEmpty() || only.get().equals(memory))
          .forEach(memory -> entries.add(new GmemEvent.HostUnmapped(memory, piece)));
    }
    if (entries.isEmpty()) {
      return Flow.NEXT;
    }
    draft.happen(entries.getFirst());
    return entries.size() == 1 ? Flow.NEXT : new Flow.Again();
  }

  /** The range with all of the faultable runs that it touches. */
  private IndexRange entries(GmemState state, IndexRange range) {
    return state.faultable().ranges(setup.whole()).stream()
        .filter(run -> run.overlaps(range))
        .reduce(range, IndexRange::hull);
  }

  private static Flow convertNextPage(
      Draft<GmemState, GmemEvent> draft, IndexRange range, View target, Errno busy) {
    Optional<IndexRange> next =
        draft
            .state()
            .attributes()
            .first(range, view -> view != target)
            .map(run -> IndexRange.of(run.range().first(), 1));
    if (next.isEmpty()) {
      return Flow.NEXT;
    }
    if (target == View.PRIVATE) {
      for (PartyId memory : draft.state().mappers(next.get())) {
        draft.happen(new GmemEvent.HostUnmapped(memory, next.get()));
      }
      Optional<Busy> used = Busy.lowest(draft.state(), next.get());
      if (used.isPresent()) {
        return new Flow.Refuse(
            new Result.Failed(busy, Optional.of(used.get().at())),
            used.get().text(),
            Optional.empty());
      }
    }
    draft.happen(new GmemEvent.AttributesStored(next.get(), target));
    return draft.state().attributes().isAll(range, target) ? Flow.NEXT : new Flow.Again();
  }

  private static Flow checkReferences(
      GmemState state, List<IndexRange> pieces, Act.CheckReferences check) {
    Optional<Busy> busy =
        pieces.stream().flatMap(piece -> Busy.lowest(state, piece).stream()).findFirst();
    if (busy.isEmpty()) {
      return Flow.NEXT;
    }
    Optional<PageIndex> at = check.reportLowest() ? Optional.of(busy.get().at()) : Optional.empty();
    Optional<Shows> shows = check.shows() ? Optional.of(busy.get().shows()) : Optional.empty();
    return new Flow.Refuse(new Result.Failed(check.busy(), at), busy.get().text(), shows);
  }

  private static Flow checkMappedOrPinned(GmemState state, IndexRange range, Errno busy) {
    for (Run<IndexRange, Folio> run : state.folios(range)) {
      List<PartyId> mappers = state.mappers(run.range());
      if (!mappers.isEmpty() || run.value().pins() > 0) {
        String reason =
            !mappers.isEmpty()
                ? "a page of " + run.range() + " is mapped by " + mappers.getFirst()
                : run.range() + " may be pinned for DMA";
        return new Flow.Refuse(Result.failed(busy), reason, Optional.empty());
      }
    }
    return Flow.NEXT;
  }

  private static List<View> kinds(GmemState state, GmemTask task, Act.Kinds kinds) {
    return switch (kinds) {
      case ALL -> List.of(View.PRIVATE, View.SHARED);
      case IF_MAPPED ->
          task.work().pieces().stream().allMatch(piece -> state.mappers(piece).isEmpty())
              ? List.of()
              : List.of(View.SHARED);
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

  private Flow askVms(
      Draft<GmemState, GmemEvent> draft,
      TaskId id,
      GmemTask task,
      List<View> kinds,
      boolean begin) {
    List<PartyId> asked = new ArrayList<>();
    for (GmemSetup.Binding binding : setup.bindings()) {
      for (IndexRange piece : task.work().pieces()) {
        Optional<IndexRange> bound = binding.index().intersect(piece);
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
    }
    if (asked.isEmpty()) {
      return Flow.NEXT;
    }
    GmemTasks.proceed(draft, id, task.with(GmemTasks.withAwaiting(task.work(), asked)));
    return new Flow.Wait();
  }

  private static Flow refusePrivate(GmemState state, IndexRange range) {
    return state
        .attributes()
        .first(range, view -> view == View.PRIVATE)
        .<Flow>map(
            run ->
                new Flow.Refuse(
                    new Result.Sigbus(),
                    "page " + run.range().start() + " is private",
                    Optional.empty()))
        .orElse(Flow.NEXT);
  }

  private static Flow refusePending(GmemState state, IndexRange range) {
    List<IndexRange> nobodys = Callbacks.nobodys(state, range);
    return nobodys.isEmpty()
        ? Flow.NEXT
        : new Flow.Refuse(
            Result.failed(Errno.EFAULT),
            "page " + nobodys.getFirst().start() + " waits for its last put and is nobody's",
            Optional.empty());
  }

  private static Flow refuseForbidden(GmemState state, IndexRange range) {
    List<IndexRange> forbidden = state.faultable().gaps(range);
    return forbidden.isEmpty()
        ? Flow.NEXT
        : new Flow.Refuse(
            new Result.Sigbus(),
            "host faults on page " + forbidden.getFirst().start() + " are forbidden",
            Optional.empty());
  }

  /** Whether the kernel does not look at what the trust anchor answered. */
  boolean ignoresRefusal(GmemState state, GmemTask task) {
    return hooks.ignoresRefusal(state, task);
  }

  static List<PfnRange> held(Work work) {
    return switch (work) {
      case Work.HostFault fault -> fault.folios();
      case Work.Get get -> get.folios();
      case Work.Conversion _, Work.Punch _, Work.GetUserPages _, Work.LastPut _, Work.Query _ ->
          throw new IllegalStateException("no folio is held by " + work);
    };
  }

  private static Flow drainBatches(Draft<GmemState, GmemEvent> draft, Optional<PartyId> only) {
    for (PartyId cpu : draft.state().cpusWithBatch()) {
      if (only.isEmpty() || only.get().equals(cpu)) {
        draft.happen(new GmemEvent.BatchDrained(cpu));
      }
    }
    return Flow.NEXT;
  }

  static Flow getFolio(
      Draft<GmemState, GmemEvent> draft, TaskId id, GmemTask task, boolean batched) {
    IndexRange range = task.work().range();
    List<PfnRange> added = new ArrayList<>();
    for (IndexRange gap : draft.state().absent(range)) {
      added.addAll(Frames.fresh(draft.state(), gap));
    }
    if (!added.isEmpty()) {
      draft.happen(new GmemEvent.FoliosAdded(added));
      if (batched) {
        draft.happen(new GmemEvent.FoliosBatched(task.caller().party(), added));
      }
    }
    List<PfnRange> frames = new ArrayList<>();
    for (Run<IndexRange, Folio> run : draft.state().folios(range)) {
      Frames.append(frames, draft.state().frames(run.range(), run.value().generation()));
    }
    draft.happen(new GmemEvent.FoliosGot(id, frames));
    Work got =
        switch (task.work()) {
          case Work.HostFault(PartyId memory, IndexRange _, List<PfnRange> _, Work.Then then) ->
              new Work.HostFault(memory, range, frames, then);
          case Work.Get _ -> new Work.Get(range, frames);
          case Work.Conversion _, Work.Punch _, Work.GetUserPages _, Work.LastPut _, Work.Query _ ->
              throw new IllegalStateException("no folio is got by " + task.work());
        };
    GmemTasks.proceed(draft, id, task.with(got));
    return Flow.NEXT;
  }

  private static Flow zeroIfNew(Draft<GmemState, GmemEvent> draft, List<PfnRange> frames) {
    List<PfnRange> stale = new ArrayList<>();
    for (PfnRange piece : frames) {
      for (Run<IndexRange, Folio> run : draft.state().folios(draft.state().indices(piece))) {
        if (!run.value().uptodate()) {
          Frames.append(stale, draft.state().frames(run.range(), run.value().generation()));
        }
      }
    }
    if (!stale.isEmpty()) {
      draft.happen(new GmemEvent.FoliosZeroed(stale));
    }
    return Flow.NEXT;
  }

  private static Flow mapPage(Draft<GmemState, GmemEvent> draft, TaskId id, GmemTask task) {
    if (!(task.work()
        instanceof
        Work.HostFault(PartyId memory, IndexRange range, List<PfnRange> frames, Work.Then then))) {
      throw new IllegalStateException("no host fault: " + task);
    }
    draft.happen(new GmemEvent.HostMapped(memory, frames));
    GmemTasks.proceed(draft, id, task.with(new Work.HostFault(memory, range, List.of(), then)));
    return Flow.NEXT;
  }
}
