package dev.faultline.protocol.kvm;

import dev.faultline.protocol.Family;
import dev.faultline.protocol.LockState;
import dev.faultline.protocol.Part;
import dev.faultline.protocol.Parts;
import dev.faultline.protocol.PartyState;
import dev.faultline.protocol.Tasks;
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
public record KvmState(Parts parts) implements PartyState {

  /** The guest frames with the VM's PRIVATE attribute (kvm-&gt;mem_attr_array). */
  private static final Part<RangeSet<GfnRange>> PRIVATE_ATTRIBUTE =
      Part.of("private-attribute", RangeSet.empty());

  /** The mappings, guest frame to pfn - gfn; private ones lie under a root of their own. */
  private static final Family<View, RangeMap<GfnRange, Long>> MMU =
      new Family<>("mmu", RangeMap.empty(), View::word);

  /** Invalidations under way. */
  private static final Part<Invalidations> IN_PROGRESS = Part.of("in-progress", Invalidations.NONE);

  /** kvm-&gt;slots_lock. */
  private static final Part<LockState> SLOTS_LOCK = Part.of("slots-lock", LockState.FREE);

  /** kvm-&gt;mmu_lock. */
  private static final Part<LockState> MMU_LOCK = Part.of("mmu-lock", LockState.FREE);

  /** The CPUs in KVM. */
  private static final Tasks<KvmTask> TASKS = new Tasks<>();

  /** kvm-&gt;vm_dead: every further KVM_RUN fails with this. */
  private static final Part<Optional<Errno>> DEAD = Part.of("dead", Optional.empty());

  private <T> KvmState with(Part<T> part, T value) {
    return new KvmState(parts.with(part, value));
  }

  public RangeSet<GfnRange> privateAttribute() {
    return parts.get(PRIVATE_ATTRIBUTE);
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
    return parts.get(MMU.of(view));
  }

  public Invalidations inProgress() {
    return parts.get(IN_PROGRESS);
  }

  public LockState lock(Lock lock) {
    return switch (lock) {
      case SLOTS -> parts.get(SLOTS_LOCK);
      case MMU -> parts.get(MMU_LOCK);
      case INVALIDATE, FOLIO ->
          throw new IllegalStateException("KVM has no " + lock.word() + " lock");
    };
  }

  private KvmState withLock(Lock lock, LockState value) {
    return switch (lock) {
      case SLOTS -> with(SLOTS_LOCK, value);
      case MMU -> with(MMU_LOCK, value);
      case INVALIDATE, FOLIO ->
          throw new IllegalStateException("KVM has no " + lock.word() + " lock");
    };
  }

  public List<TaskId> tasks() {
    return TASKS.ids(parts);
  }

  boolean isUnderWay(TaskId id) {
    return TASKS.isUnderWay(parts, id);
  }

  public Optional<KvmTask> findTask(TaskId id) {
    return TASKS.find(parts, id);
  }

  KvmTask task(TaskId id) {
    return TASKS.get(parts, id);
  }

  public Optional<Errno> dead() {
    return parts.get(DEAD);
  }

  /** Frames that a kind of mapping has for a range, as far as they follow on from its start. */
  Optional<Run<GfnRange, PfnRange>> mapped(GfnRange range, View view) {
    return mmu(view).runs(range).stream()
        .findFirst()
        .filter(run -> run.range().start() == range.start())
        .map(run -> new Run<>(run.range(), PfnRange.behind(run.range(), run.value())));
  }

  /** The first pages of a range that none of some tables maps; its first page is one of them. */
  GfnRange missing(GfnRange range, List<View> tables) {
    long end = range.end();
    for (View table : tables) {
      end = Math.min(end, mmu(table).gaps(range).getFirst().end());
    }
    return range.to(range.start(), end);
  }

  KvmState evolve(KvmEvent event) {
    return switch (event) {
      case KvmEvent.TaskStarted(TaskId id, KvmTask task) ->
          new KvmState(TASKS.start(parts, id, task));
      case KvmEvent.TaskProceeded(TaskId id, KvmTask task) ->
          new KvmState(TASKS.proceed(parts, id, task));
      case KvmEvent.TaskEnded(TaskId id) -> new KvmState(TASKS.end(parts, id));
      case KvmEvent.LockTaken taken ->
          withLock(taken.lock(), lock(taken.lock()).take(taken.id(), taken.mode()));
      case KvmEvent.LockReleased released ->
          withLock(released.lock(), lock(released.lock()).release(released.id()));
      case KvmEvent.AttributesStored(GfnRange range, View view) ->
          with(
              PRIVATE_ATTRIBUTE,
              view == View.PRIVATE
                  ? privateAttribute().with(range)
                  : privateAttribute().without(range));
      case KvmEvent.InvalidationBegun(GfnRange range) ->
          with(IN_PROGRESS, inProgress().begin(range));
      case KvmEvent.InvalidationEnded _ -> endInvalidation();
      case KvmEvent.Zapped(GfnRange range, View view) ->
          with(MMU.of(view), mmu(view).without(range));
      case KvmEvent.MappingInstalled installed -> install(installed);
      case KvmEvent.VmDied(Errno errno) -> with(DEAD, Optional.of(errno));
    };
  }

  private KvmState endInvalidation() {
    KvmState ended = with(IN_PROGRESS, inProgress().end());
    for (TaskId id : tasks()) {
      KvmTask task = task(id);
      if (task.work() instanceof KvmWork.GuestAccess access
          && access.phase() == KvmWork.Phase.FAULT) {
        ended = new KvmState(TASKS.proceed(ended.parts, id, task.with(access.stale(true))));
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
    return with(MMU.of(installed.view()), table);
  }
}
