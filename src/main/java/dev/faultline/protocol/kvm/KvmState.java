package dev.faultline.protocol.kvm;

import dev.faultline.protocol.LockState;
import dev.faultline.protocol.Part;
import dev.faultline.protocol.Parts;
import dev.faultline.protocol.design.Lock;
import dev.faultline.protocol.memory.Errno;
import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.PfnRange;
import dev.faultline.protocol.memory.RangeMap;
import dev.faultline.protocol.memory.RangeSet;
import dev.faultline.protocol.memory.Run;
import dev.faultline.protocol.message.TaskId;
import dev.faultline.protocol.message.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The state of a VM: named access to its parts, and what each event changes. */
public record KvmState(Parts parts) {

  private <T> KvmState with(Part<T> part, T value) {
    return new KvmState(parts.with(part, value));
  }

  public RangeSet<GfnRange> privateAttribute() {
    return parts.get(new KvmPart.PrivateAttribute());
  }

  /** The first pages of a range that have the same attribute of the VM, and that attribute. */
  Run<GfnRange, View> attribute(GfnRange range) {
    List<GfnRange> privates = privateAttribute().ranges(range);
    if (privates.isEmpty()) {
      return new Run<>(range, View.SHARED);
    }
    GfnRange first = privates.getFirst();
    return first.start() == range.start()
        ? new Run<>(first, View.PRIVATE)
        : new Run<>(range.to(range.start(), first.start()), View.SHARED);
  }

  boolean isAll(GfnRange range, View view) {
    return view == View.PRIVATE
        ? privateAttribute().containsAll(range)
        : !privateAttribute().overlaps(range);
  }

  public RangeMap<GfnRange, Long> mmu(View view) {
    return parts.get(new KvmPart.Mmu(view));
  }

  public Invalidations inProgress() {
    return parts.get(new KvmPart.InProgress());
  }

  public LockState lock(Lock lock) {
    return switch (lock) {
      case SLOTS -> parts.get(new KvmPart.SlotsLock());
      case MMU -> parts.get(new KvmPart.MmuLock());
      case INVALIDATE, FOLIO ->
          throw new IllegalStateException("KVM has no " + lock.word() + " lock");
    };
  }

  private KvmState withLock(Lock lock, LockState value) {
    return switch (lock) {
      case SLOTS -> with(new KvmPart.SlotsLock(), value);
      case MMU -> with(new KvmPart.MmuLock(), value);
      case INVALIDATE, FOLIO ->
          throw new IllegalStateException("KVM has no " + lock.word() + " lock");
    };
  }

  public List<TaskId> tasks() {
    return parts.present(KvmPart.Task.class).stream().map(KvmPart.Task::id).toList();
  }

  public Optional<KvmTask> findTask(TaskId id) {
    return parts.get(new KvmPart.Task(id));
  }

  KvmTask task(TaskId id) {
    return findTask(id).orElseThrow(() -> new IllegalStateException("there is no task " + id));
  }

  public Optional<Errno> dead() {
    return parts.get(new KvmPart.Dead());
  }

  /** Frames that a kind of mapping has for a range, as far as they follow on from its start. */
  Optional<Run<GfnRange, PfnRange>> mapped(GfnRange range, View view) {
    return mmu(view).runs(range).stream()
        .findFirst()
        .filter(run -> run.range().start() == range.start())
        .map(
            run ->
                new Run<>(
                    run.range(),
                    new PfnRange(
                        run.range().start() + run.value(), run.range().end() + run.value())));
  }

  KvmState evolve(KvmEvent event) {
    return switch (event) {
      case KvmEvent.TaskStarted(TaskId id, KvmTask task) -> {
        if (findTask(id).isPresent()) {
          throw new IllegalStateException("task " + id + " started twice");
        }
        yield with(new KvmPart.Task(id), Optional.of(task));
      }
      case KvmEvent.TaskProceeded(TaskId id, KvmTask task) -> {
        task(id);
        yield with(new KvmPart.Task(id), Optional.of(task));
      }
      case KvmEvent.TaskEnded(TaskId id) -> {
        task(id);
        yield with(new KvmPart.Task(id), Optional.<KvmTask>empty());
      }
      case KvmEvent.LockTaken taken ->
          withLock(taken.lock(), lock(taken.lock()).take(taken.id(), taken.mode()));
      case KvmEvent.LockReleased released ->
          withLock(released.lock(), lock(released.lock()).release(released.id()));
      case KvmEvent.AttributesStored(GfnRange range, View view) ->
          with(
              new KvmPart.PrivateAttribute(),
              view == View.PRIVATE
                  ? privateAttribute().with(range)
                  : privateAttribute().without(range));
      case KvmEvent.InvalidationBegun(GfnRange range) ->
          with(new KvmPart.InProgress(), inProgress().begin(range));
      case KvmEvent.InvalidationEnded _ -> endInvalidation();
      case KvmEvent.Zapped(GfnRange range, View view) ->
          with(new KvmPart.Mmu(view), mmu(view).without(range));
      case KvmEvent.MappingInstalled installed -> install(installed);
      case KvmEvent.VmDied(Errno errno) -> with(new KvmPart.Dead(), Optional.of(errno));
    };
  }

  private KvmState endInvalidation() {
    KvmState ended = with(new KvmPart.InProgress(), inProgress().end());
    for (TaskId id : tasks()) {
      KvmTask task = task(id);
      if (task.work() instanceof KvmWork.GuestAccess access
          && access.phase() == KvmWork.Phase.FAULT) {
        ended = ended.with(new KvmPart.Task(id), Optional.of(task.with(access.stale(true))));
      }
    }
    return ended;
  }

  private KvmState install(KvmEvent.MappingInstalled installed) {
    RangeMap<GfnRange, Long> table = mmu(installed.view());
    long gfn = installed.range().start();
    List<PfnRange> frames = new ArrayList<>(installed.frames());
    for (PfnRange piece : frames) {
      GfnRange target = new GfnRange(gfn, gfn + piece.pageCount());
      table = table.with(target, piece.start() - gfn);
      gfn = target.end();
    }
    if (gfn != installed.range().end()) {
      throw new IllegalStateException("frames do not fill " + installed.range());
    }
    return with(new KvmPart.Mmu(installed.view()), table);
  }
}
