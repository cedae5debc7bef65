package dev.faultline.protocol.gmem;

import dev.faultline.protocol.Decided;
import dev.faultline.protocol.Decider;
import dev.faultline.protocol.Draft;
import dev.faultline.protocol.KeptParts;
import dev.faultline.protocol.Parts;
import dev.faultline.protocol.Stimulus;
import dev.faultline.protocol.TaskNumbers;
import dev.faultline.protocol.design.ArgumentCheck;
import dev.faultline.protocol.design.ConvertCall;
import dev.faultline.protocol.design.Operation;
import dev.faultline.protocol.design.PageState;
import dev.faultline.protocol.design.Revision;
import dev.faultline.protocol.design.Site;
import dev.faultline.protocol.memory.Errno;
import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.IndexRange;
import dev.faultline.protocol.memory.Page;
import dev.faultline.protocol.memory.PfnRange;
import dev.faultline.protocol.memory.RangeMap;
import dev.faultline.protocol.memory.RangeSet;
import dev.faultline.protocol.memory.Run;
import dev.faultline.protocol.message.Access;
import dev.faultline.protocol.message.AnchorToGmem;
import dev.faultline.protocol.message.Content;
import dev.faultline.protocol.message.Endpoint;
import dev.faultline.protocol.message.Foll;
import dev.faultline.protocol.message.GmemToAnchor;
import dev.faultline.protocol.message.GmemToKvm;
import dev.faultline.protocol.message.GmemToProcess;
import dev.faultline.protocol.message.HostMemoryToGmem;
import dev.faultline.protocol.message.HostMemoryToProcess;
import dev.faultline.protocol.message.InvalidationAnswer;
import dev.faultline.protocol.message.KvmToGmem;
import dev.faultline.protocol.message.Message;
import dev.faultline.protocol.message.PageUserToGmem;
import dev.faultline.protocol.message.PagesAnswer;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.ProcessToGmem;
import dev.faultline.protocol.message.Result;
import dev.faultline.protocol.message.TaskId;
import dev.faultline.protocol.message.ToGmem;
import dev.faultline.protocol.message.View;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;

/**
 * The gmem inode (virt/kvm/guest_memfd.c). {@link #delivered} has a row for each thing it can be
 * told.
 */
public final class GmemDecider implements Decider<GmemState, ToGmem, GmemEvent> {

  private final Revision revision;
  private final GmemSetup setup;
  private final GmemTasks tasks;
  private final HostAccesses accesses;

  public GmemDecider(Revision revision, GmemSetup setup) {
    this.revision = revision;
    this.setup = setup;
    this.accesses = new HostAccesses(setup);
    this.tasks = new GmemTasks(revision, setup, accesses);
  }

  @Override
  public GmemState initialState() {
    GmemState state = new GmemState(KeptParts.EMPTY, setup.pageCount(), setup.firstPfn());
    return state
        .withAttributes(RangeMap.of(setup.whole(), setup.initialView()))
        .withFaultable(setup.hostFaults() ? RangeSet.of(setup.whole()) : RangeSet.empty());
  }

  @Override
  public GmemState state(Parts parts) {
    return new GmemState(parts, setup.pageCount(), setup.firstPfn());
  }

  @Override
  public List<TaskId> movable(GmemState state) {
    return state.tasks().stream().filter(id -> tasks.canMove(state, id)).toList();
  }

  @Override
  public boolean canMove(GmemState state, TaskId id) {
    return state.isUnderWay(id) && tasks.canMove(state, id);
  }

  @Override
  public GmemState evolve(GmemState state, GmemEvent event) {
    return GmemEvolution.evolve(state, event);
  }

  @Override
  public Decided<GmemEvent> decide(
      GmemState state, Stimulus<ToGmem> stimulus, Predicate<TaskId> taken) {
    Draft<GmemState, GmemEvent> draft = new Draft<>(state, this::evolve);
    return switch (stimulus) {
      case Stimulus.Delivered<ToGmem>(Endpoint from, TaskId to, ToGmem message) -> {
        if (isOfFile(message)) {
          delivered(draft, from, to, message, taken);
          tasks.lastPuts(draft, Optional.of(to), from, taken);
          tasks.notifyWatchers(draft);
        } else {
          draft.ignore("no pages of this file: " + message);
        }
        yield draft.decision();
      }
      case Stimulus.Advanced<ToGmem>(TaskId task) -> tasks.advance(draft, task, taken);
      case Stimulus.Killed<ToGmem>() -> {
        draft.ignore("an inode is no process");
        yield draft.decision();
      }
    };
  }

  /** Whether the pages and frames of a message from the kernel's side are the file's. */
  private boolean isOfFile(ToGmem message) {
    return switch (message) {
      case KvmToGmem.ReadAttribute(IndexRange range) -> setup.whole().contains(range);
      case KvmToGmem.GetPage(IndexRange range) -> setup.whole().contains(range);
      case KvmToGmem.AgreeToAttributes(IndexRange range, View _) -> setup.whole().contains(range);
      case KvmToGmem.PutPage(List<PfnRange> pages) -> areOfFile(pages);
      case KvmToGmem.Transfer(PfnRange pages, Access _) -> areOfFile(List.of(pages));
      case KvmToGmem.ContentDestroyed(List<PfnRange> pages, var _) -> areOfFile(pages);
      case PageUserToGmem.PutPages(List<PfnRange> pages) -> areOfFile(pages);
      case PageUserToGmem.Transfer(PfnRange page, Access _) -> areOfFile(List.of(page));
      case InvalidationAnswer.Begun(List<PfnRange> pages) -> areOfFile(pages);
      case AnchorToGmem.Guard(List<PfnRange> pages, String _, Content _) -> areOfFile(pages);
      case AnchorToGmem.Retry retry -> areOfFile(List.of(retry.frames()));
      // Calls of processes say themselves what is wrong with a range.
      case ProcessToGmem _,
          HostMemoryToGmem.Touch _,
          HostMemoryToGmem.Zap _,
          HostMemoryToGmem.GetUserPages _,
          HostMemoryToGmem.ExitMmap _,
          InvalidationAnswer.Ended _,
          AnchorToGmem.Done _,
          AnchorToGmem.Refused _ ->
          true;
    };
  }

  private boolean areOfFile(List<PfnRange> frames) {
    return frames.stream()
        .allMatch(
            piece ->
                piece.start() >= setup.firstPfn()
                    && generation(piece.start()) == generation(piece.end() - 1));
  }

  private long generation(long frame) {
    return (frame - setup.firstPfn()) / setup.pageCount();
  }

  private void delivered(
      Draft<GmemState, GmemEvent> draft,
      Endpoint from,
      TaskId to,
      ToGmem message,
      Predicate<TaskId> taken) {
    switch (message) {
      // System calls on the file.
      case ProcessToGmem.SetMemoryAttributes2(long offset, long size, View target) ->
          setAttributes(
              draft,
              from,
              ConvertCall.KVM_SET_MEMORY_ATTRIBUTES2,
              arguments(offset, size, 0),
              target,
              taken);
      case ProcessToGmem.Convert(long offset, long size, long errorOffset, View target) ->
          setAttributes(
              draft,
              from,
              ConvertCall.KVM_GMEM_CONVERT,
              arguments(offset, size, errorOffset),
              target,
              taken);
      case ProcessToGmem.PunchHole(long offset, long size) ->
          punchHole(draft, from, offset, size, taken);
      case ProcessToGmem.Allocate(long offset, long size) ->
          allocate(draft, from, offset, size, taken);
      case ProcessToGmem.CancelConversion(long offset, long size) ->
          cancelConversion(draft, from, offset, size, taken);

      case ProcessToGmem.QueryMappable(long offset) -> queryMappable(draft, from, offset, taken);

      // Mappings of the file.
      case HostMemoryToGmem.Touch(
              PartyId memory,
              IndexRange range,
              Access access,
              Endpoint caller) -> {
        if (setup.whole().contains(range)) {
          touch(draft, memory, range, access, caller, taken);
        } else {
          draft.signal("a page of " + range + " is beyond the end of the file");
          answer(draft, caller, new HostMemoryToProcess.Touched(new Result.Sigbus()));
        }
      }
      case HostMemoryToGmem.Zap(PartyId memory, IndexRange range, Endpoint caller) -> {
        // A mapping may reach beyond the end of the file, where it has no pages.
        setup.whole().intersect(range).ifPresent(there -> unmap(draft, memory, there));
        draft.send(TaskId.NONE, caller, new HostMemoryToProcess.Unmapped());
      }
      case HostMemoryToGmem.ExitMmap(PartyId memory) -> {
        if (!draft.state().inUse(memory)) {
          unmap(draft, memory, setup.whole());
        } else if (!draft.state().exiting().contains(memory)) {
          draft.happen(new GmemEvent.ExitMmapWaits(memory));
        }
      }
      case HostMemoryToGmem.GetUserPages(
              PartyId memory,
              IndexRange range,
              boolean fast,
              Foll foll,
              Endpoint caller) -> {
        Optional<Errno> refused = setup.platform().flatMap(GmemSetup.Platform::getUserPages);
        if (refused.isPresent()) {
          // check_vma_flags, gup_fast_folio_allowed: AS_NO_DIRECT_MAP.
          draft.refuse(refused.get(), "the file has no direct map, so nobody gets its pages");
          answer(draft, caller, new PagesAnswer.NotGot(refused.get()));
        } else if (setup.whole().contains(range)) {
          start(
              draft,
              fast ? Operation.GET_USER_PAGES_FAST : Operation.GET_USER_PAGES,
              caller,
              new Work.GetUserPages(memory, range, foll, List.of(), List.of()),
              taken);
        } else {
          draft.refuse(Errno.EFAULT, "a page of " + range + " is beyond the end of the file");
          answer(draft, caller, new PagesAnswer.NotGot(Errno.EFAULT));
        }
      }

      // Holders of pages.
      case PageUserToGmem.Transfer(PfnRange page, Access access) ->
          accesses.ofHolder(draft, from, page, access);
      case PageUserToGmem.PutPages(List<PfnRange> pages) -> {
        put(draft, pages, Folio::pins, new GmemEvent.FoliosUnpinned(pages));
        answer(draft, from, new PagesAnswer.Put());
      }

      // KVM.
      case KvmToGmem.ReadAttribute(IndexRange range) ->
          answer(draft, from, readAttribute(draft.state(), range));
      case KvmToGmem.GetPage(IndexRange range) ->
          start(draft, Operation.GET_PAGE, from, new Work.Get(range, List.of()), taken);
      case KvmToGmem.PutPage(List<PfnRange> pages) -> {
        put(draft, pages, Folio::references, new GmemEvent.FoliosPut(pages));
        answer(draft, from, new PagesAnswer.Put());
      }
      case KvmToGmem.Transfer(PfnRange pages, Access access) ->
          answer(
              draft, from, new PagesAnswer.Transferred(HostAccesses.bytes(draft, pages, access)));
      case KvmToGmem.AgreeToAttributes(IndexRange range, View target) ->
          start(
              draft,
              target == View.PRIVATE ? Operation.AGREE_TO_PRIVATE : Operation.AGREE_TO_SHARED,
              from,
              new Work.Conversion(range, target, List.of()),
              taken);
      case KvmToGmem.ContentDestroyed destroyed -> {
        draft.happen(new GmemEvent.ContentLost(destroyed.destroyed()));
        answer(draft, from, new GmemToKvm.Noted());
      }
      case InvalidationAnswer.Begun(List<PfnRange> destroyed) -> {
        if (!destroyed.isEmpty()) {
          draft.happen(new GmemEvent.ContentLost(destroyed));
        }
        tasks.invalidated(draft, to, from.party());
      }
      case InvalidationAnswer.Ended() -> tasks.invalidated(draft, to, from.party());

      // The trust anchor.
      case AnchorToGmem.Guard(List<PfnRange> frames, String state, Content content) -> {
        Optional<PageState> known =
            setup
                .platform()
                .flatMap(it -> Optional.ofNullable(it.mode().anchor().states().get(state)));
        if (known.isEmpty()) {
          draft.ignore("no page is " + state + " here");
        } else {
          // What the host meets as any page of its own needs no note.
          String kept = known.get().host().isEmpty() ? PageState.ABSENT : state;
          draft.happen(new GmemEvent.FramesGuarded(frames, kept, content));
        }
        draft.send(TaskId.NONE, from, new GmemToAnchor.Guarded());
      }
      case AnchorToGmem.Done() -> tasks.anchorAnswered(draft, to, Optional.empty(), "");
      case AnchorToGmem.Refused(Errno errno, GfnRange at, String state) ->
          tasks.anchorAnswered(
              draft, to, Optional.of(errno), "page " + at.start() + " is " + state);
      case AnchorToGmem.Retry(
              PfnRange frames,
              Access access,
              Endpoint caller,
              Optional<Errno> refused) ->
          accesses.again(draft, caller, frames, access, refused);
    }
  }

  private void setAttributes(
      Draft<GmemState, GmemEvent> draft,
      Endpoint from,
      ConvertCall call,
      ArgumentCheck.Arguments arguments,
      View target,
      Predicate<TaskId> taken) {
    if (revision.call() != call) {
      String why =
          revision.call().site() == Site.GMEM
              ? "the file is converted by " + revision.call() + " in "
              : "attributes are the VM's in ";
      refuse(draft, from, Errno.ENOTTY, why + revision.name());
      return;
    }
    if (!setup.privateMemory()) {
      refuse(draft, from, Errno.EINVAL, "this type of VM has no private memory");
      return;
    }
    if (decides(draft, from, arguments)) {
      return;
    }
    start(
        draft,
        target == View.PRIVATE ? Operation.CONVERT_TO_PRIVATE : Operation.CONVERT_TO_SHARED,
        from,
        new Work.Conversion(pages(arguments.start(), arguments.sizeBytes()), target, List.of()),
        taken);
  }

  private ArgumentCheck.Arguments arguments(long offset, long size, long errorOffset) {
    return new ArgumentCheck.Arguments(
        offset, size, errorOffset, OptionalLong.of(setup.pageCount() * Page.BYTES));
  }

  private void cancelConversion(
      Draft<GmemState, GmemEvent> draft,
      Endpoint from,
      long offset,
      long size,
      Predicate<TaskId> taken) {
    if (revision.find(Operation.CANCEL_CONVERSION).isEmpty()) {
      refuse(draft, from, Errno.ENOTTY, "no call gives a conversion up in " + revision.name());
      return;
    }
    if (decides(draft, from, arguments(offset, size, 0))) {
      return;
    }
    for (Watch watch : draft.state().watches()) {
      if (watch.who().equals(from) && watch.range().overlaps(pages(offset, size))) {
        draft.happen(new GmemEvent.WatchDropped(watch));
      }
    }
    start(
        draft,
        Operation.CANCEL_CONVERSION,
        from,
        new Work.Conversion(pages(offset, size), View.SHARED, List.of()),
        taken);
  }

  private void queryMappable(
      Draft<GmemState, GmemEvent> draft, Endpoint from, long offset, Predicate<TaskId> taken) {
    if (revision.find(Operation.QUERY_MAPPABLE).isEmpty()) {
      refuse(draft, from, Errno.ENOTTY, "no call tells who may map a page in " + revision.name());
      return;
    }
    boolean inFile =
        Long.compareUnsigned(offset, setup.pageCount() * Page.BYTES) < 0
            && offset % Page.BYTES == 0;
    if (!inFile) {
      refuse(draft, from, Errno.EINVAL, "no page of the file is at " + offset);
      return;
    }
    start(
        draft,
        Operation.QUERY_MAPPABLE,
        from,
        new Work.Query(pages(offset, Page.BYTES), Optional.empty()),
        taken);
  }

  /** kvm_gmem_punch_hole: a hole beyond the end of the file is none. */
  private void punchHole(
      Draft<GmemState, GmemEvent> draft,
      Endpoint from,
      long offset,
      long size,
      Predicate<TaskId> taken) {
    if (offset < 0 || size <= 0 || offset % Page.BYTES != 0 || size % Page.BYTES != 0) {
      refuse(draft, from, Errno.EINVAL, "a hole at " + offset + " of " + size + " bytes");
      return;
    }
    Optional<IndexRange> inFile =
        offset / Page.BYTES >= setup.pageCount()
            ? Optional.empty()
            : setup.whole().intersect(pages(offset, size));
    if (inFile.isEmpty()) {
      answer(draft, from, new GmemToProcess.Returned(Result.ok(), Optional.empty()));
      return;
    }
    start(draft, Operation.PUNCH_HOLE, from, new Work.Punch(inFile.get(), List.of()), taken);
  }

  private void allocate(
      Draft<GmemState, GmemEvent> draft,
      Endpoint from,
      long offset,
      long size,
      Predicate<TaskId> taken) {
    boolean aligned = offset % Page.BYTES == 0 && size % Page.BYTES == 0;
    boolean inFile = offset >= 0 && size > 0 && size <= setup.pageCount() * Page.BYTES - offset;
    if (!aligned || !inFile || revision.find(Operation.ALLOCATE).isEmpty()) {
      refuse(draft, from, Errno.EINVAL, "to allocate " + size + " bytes at " + offset);
      return;
    }
    start(draft, Operation.ALLOCATE, from, new Work.Get(pages(offset, size), List.of()), taken);
  }

  private static GmemToKvm.AttributeRead readAttribute(GmemState state, IndexRange range) {
    Run<IndexRange, View> first = state.attributes().runs(range).getFirst();
    return new GmemToKvm.AttributeRead(first.range(), first.value());
  }

  /** Answers a call whose arguments one of the revision's checks decides. */
  private boolean decides(
      Draft<GmemState, GmemEvent> draft, Endpoint from, ArgumentCheck.Arguments arguments) {
    Optional<ArgumentCheck> decides = revision.decidingCheck(arguments);
    decides.ifPresent(
        check ->
            check
                .errno()
                .ifPresentOrElse(
                    errno -> refuse(draft, from, errno, bad(arguments, check.when())),
                    () ->
                        answer(
                            draft,
                            from,
                            new GmemToProcess.Returned(Result.ok(), Optional.empty()))));
    return decides.isPresent();
  }

  private static String bad(ArgumentCheck.Arguments arguments, ArgumentCheck.When when) {
    String what =
        switch (when) {
          case SIZE_ZERO_OR_WRAPS -> "is empty or wraps";
          case SIZE_ZERO -> "is empty";
          case WRAPS -> "wraps";
          case ERROR_OFFSET_SET ->
              "has error_offset 0x" + Long.toHexString(arguments.errorOffset());
          case UNALIGNED -> "is not page-aligned";
          case BEYOND_FILE -> "is beyond the file";
        };
    return "0x"
        + Long.toHexString(arguments.start())
        + " + 0x"
        + Long.toHexString(arguments.sizeBytes())
        + " "
        + what;
  }

  private static IndexRange pages(long offset, long size) {
    return new IndexRange(offset / Page.BYTES, (offset + size) / Page.BYTES);
  }

  private void touch(
      Draft<GmemState, GmemEvent> draft,
      PartyId memory,
      IndexRange range,
      Access access,
      Endpoint caller,
      Predicate<TaskId> taken) {
    Optional<PfnRange> mapped = Frames.mapped(draft.state(), memory, range);
    if (mapped.isPresent()) {
      answer(
          draft,
          caller,
          new HostMemoryToProcess.Touched(accesses.ofThread(draft, mapped.get(), access)));
      return;
    }
    start(
        draft,
        Operation.HOST_FAULT,
        caller,
        new Work.HostFault(memory, range, List.of(), new Work.Then.Touch(access)),
        taken);
  }

  /** Gives frames back, unless one of them is not held that way. */
  private static void put(
      Draft<GmemState, GmemEvent> draft,
      List<PfnRange> frames,
      ToIntFunction<Folio> held,
      GmemEvent event) {
    Optional<PfnRange> free =
        frames.stream()
            .filter(piece -> !Frames.all(draft.state(), piece, folio -> held.applyAsInt(folio) > 0))
            .findFirst();
    if (free.isPresent()) {
      draft.ignore("nobody holds all of " + free.get());
    } else {
      draft.happen(event);
    }
  }

  static void unmap(Draft<GmemState, GmemEvent> draft, PartyId memory, IndexRange range) {
    if (!draft.state().pageTable(memory).runs(range).isEmpty()) {
      draft.happen(new GmemEvent.HostUnmapped(memory, range));
    }
  }

  private void start(
      Draft<GmemState, GmemEvent> draft,
      Operation operation,
      Endpoint caller,
      Work work,
      Predicate<TaskId> taken) {
    TaskId id = TaskNumbers.lowestFree(draft.state()::isUnderWay, taken);
    draft.happen(new GmemEvent.TaskStarted(id, GmemTask.start(operation, caller, work)));
  }

  private static void answer(Draft<GmemState, GmemEvent> draft, Endpoint to, Message message) {
    draft.send(TaskId.NONE, to, message);
  }

  private static void refuse(
      Draft<GmemState, GmemEvent> draft, Endpoint to, Errno errno, String reason) {
    draft.refuse(errno, reason);
    answer(draft, to, new GmemToProcess.Returned(Result.failed(errno), Optional.empty()));
  }
}
