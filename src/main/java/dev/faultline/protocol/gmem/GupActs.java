package dev.faultline.protocol.gmem;

import dev.faultline.protocol.Draft;
import dev.faultline.protocol.TaskNumbers;
import dev.faultline.protocol.design.Act;
import dev.faultline.protocol.design.Operation;
import dev.faultline.protocol.design.Program;
import dev.faultline.protocol.design.Revision;
import dev.faultline.protocol.memory.IndexRange;
import dev.faultline.protocol.memory.PfnRange;
import dev.faultline.protocol.message.Foll;
import dev.faultline.protocol.message.TaskId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** What the acts of get_user_pages and get_user_pages_fast do (mm/gup.c). */
final class GupActs {

  private final Revision revision;

  GupActs(Revision revision) {
    this.revision = revision;
  }

  private Program program(GmemTask task) {
    return revision.program(task.operation());
  }

  private int position(GmemTask task, Class<? extends Act> wanted) {
    return program(task)
        .find(wanted::isInstance)
        .orElseThrow(() -> new IllegalStateException("no such act in " + task.operation().word()));
  }

  static Work.GetUserPages pin(GmemTask task) {
    if (task.work() instanceof Work.GetUserPages pin) {
      return pin;
    }
    throw new IllegalStateException("no get_user_pages: " + task);
  }

  /**
   * gup_fast, the first look. Model: it takes all pages of the range or none; the kernel takes
   * those before the first that is not mapped, and after a second look puts back single pages.
   */
  Flow readMapping(
      Draft<GmemState, GmemEvent> draft, TaskId id, GmemTask task, Work.GetUserPages pin) {
    List<PfnRange> seen = draft.state().mappedPrefix(pin.memory(), pin.range());
    if (Frames.pages(seen) < pin.range().pageCount()) {
      return new Flow.GoTo(position(task, Act.FaultIn.class));
    }
    GmemTasks.proceed(draft, id, task.with(pin(pin, List.of(), seen)));
    return Flow.NEXT;
  }

  Flow takeReference(
      Draft<GmemState, GmemEvent> draft, TaskId id, GmemTask task, Work.GetUserPages pin) {
    if (pin.seen().stream().anyMatch(frames -> !Frames.exists(draft.state(), frames))) {
      // try_get_folio fails on a folio that has been freed.
      return new Flow.GoTo(position(task, Act.FaultIn.class));
    }
    take(draft, pin.foll(), pin.seen());
    boolean looksAgain = program(task).find(act -> act instanceof Act.ReadMappingAgain).isPresent();
    if (!looksAgain) {
      // A design without the second look takes what it got for good.
      GmemTasks.proceed(draft, id, task.with(pin(pin, pin.seen(), List.of())));
      return new Flow.GoTo(GmemTasks.wayOut(program(task), task));
    }
    return Flow.NEXT;
  }

  Flow readMappingAgain(
      Draft<GmemState, GmemEvent> draft, TaskId id, GmemTask task, Work.GetUserPages pin) {
    if (draft.state().mappedPrefix(pin.memory(), pin.range()).equals(pin.seen())) {
      GmemTasks.proceed(draft, id, task.with(pin(pin, pin.seen(), List.of())));
      return new Flow.GoTo(GmemTasks.wayOut(program(task), task));
    }
    putBack(draft, pin.foll(), pin.seen());
    GmemTasks.proceed(draft, id, task.with(pin(pin, List.of(), List.of())));
    return new Flow.GoTo(position(task, Act.FaultIn.class));
  }

  private static Work.GetUserPages pin(
      Work.GetUserPages pin, List<PfnRange> taken, List<PfnRange> seen) {
    return new Work.GetUserPages(pin.memory(), pin.range(), pin.foll(), taken, seen);
  }

  private static void take(Draft<GmemState, GmemEvent> draft, Foll foll, List<PfnRange> frames) {
    draft.happen(
        switch (foll) {
          case GET -> new GmemEvent.FoliosReferenced(frames);
          case PIN, LONGTERM -> new GmemEvent.FoliosPinned(frames);
        });
  }

  static void putBack(Draft<GmemState, GmemEvent> draft, Foll foll, List<PfnRange> frames) {
    draft.happen(
        switch (foll) {
          case GET -> new GmemEvent.FoliosPut(frames);
          case PIN, LONGTERM -> new GmemEvent.FoliosUnpinned(frames);
        });
  }

  /** Model: the next pages that are not mapped fault as one; the kernel faults one by one. */
  Flow faultIn(
      Draft<GmemState, GmemEvent> draft,
      TaskId id,
      Work.GetUserPages pin,
      Predicate<TaskId> taken) {
    IndexRange rest = new IndexRange(pin.range().start() + pin.takenPages(), pin.range().end());
    List<IndexRange> unmapped = draft.state().pageTable(pin.memory()).gaps(rest);
    if (unmapped.isEmpty() || unmapped.getFirst().start() != rest.start()) {
      return Flow.NEXT;
    }
    TaskId fault = TaskNumbers.lowestFree(draft.state()::isUnderWay, taken);
    draft.happen(
        new GmemEvent.TaskStarted(
            fault,
            GmemTask.start(
                Operation.HOST_FAULT,
                draft.state().task(id).caller(),
                new Work.HostFault(
                    pin.memory(), unmapped.getFirst(), List.of(), new Work.Then.Resume(id)))));
    return new Flow.Wait();
  }

  Flow takeMapped(
      Draft<GmemState, GmemEvent> draft, TaskId id, GmemTask task, Work.GetUserPages pin) {
    IndexRange rest = new IndexRange(pin.range().start() + pin.takenPages(), pin.range().end());
    List<PfnRange> mapped = draft.state().mappedPrefix(pin.memory(), rest);
    if (mapped.isEmpty()) {
      return new Flow.GoTo(position(task, Act.FaultIn.class));
    }
    take(draft, pin.foll(), mapped);
    List<PfnRange> all = new ArrayList<>(pin.taken());
    mapped.forEach(frames -> Frames.append(all, frames));
    GmemTasks.proceed(draft, id, task.with(pin(pin, all, List.of())));
    return Frames.pages(mapped) == rest.pageCount()
        ? new Flow.GoTo(GmemTasks.wayOut(program(task), task))
        : new Flow.GoTo(position(task, Act.FaultIn.class));
  }
}
