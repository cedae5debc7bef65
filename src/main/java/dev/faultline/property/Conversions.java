package dev.faultline.property;

import dev.faultline.protocol.Event;
import dev.faultline.protocol.Send;
import dev.faultline.protocol.gmem.GmemEvent;
import dev.faultline.protocol.gmem.GmemTask;
import dev.faultline.protocol.gmem.Work;
import dev.faultline.protocol.kvm.KvmEvent;
import dev.faultline.protocol.kvm.KvmTask;
import dev.faultline.protocol.kvm.KvmWork;
import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.IndexRange;
import dev.faultline.protocol.memory.PfnRange;
import dev.faultline.protocol.message.KvmToGmem;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.TaskId;
import dev.faultline.protocol.message.View;
import dev.faultline.world.Parties;
import dev.faultline.world.Step;
import dev.faultline.world.Turn;
import dev.faultline.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Conversions as properties see them: which are under way, and what a turn of one does. */
final class Conversions {

  private Conversions() {}

  /** A conversion under way: a task of the inode or of KVM. */
  record Key(PartyId party, TaskId task) implements Comparable<Key> {
    @Override
    public int compareTo(Key other) {
      int byParty = party.compareTo(other.party);
      return byParty != 0 ? byParty : task.compareTo(other.task);
    }
  }

  /** Pages with bytes in them whose content a turn destroys. */
  static List<IndexRange> lost(Turn turn, World before) {
    List<IndexRange> lost = new ArrayList<>();
    for (Event event : turn.decision().events()) {
      if (event instanceof GmemEvent.ContentLost(List<PfnRange> frames)) {
        frames.forEach(piece -> addFull(lost, before, before.gmem().indices(piece)));
      } else if (event instanceof GmemEvent.FoliosUnprepared(IndexRange range)) {
        addFull(lost, before, range);
      }
    }
    for (Send send : turn.decision().sends()) {
      if (send.message() instanceof KvmToGmem.ContentDestroyed destroyed) {
        destroyed.destroyed().forEach(piece -> addFull(lost, before, before.gmem().indices(piece)));
      }
    }
    return lost;
  }

  private static void addFull(List<IndexRange> lost, World world, IndexRange range) {
    world.gmem().content(range).forEach(run -> lost.add(run.range()));
  }

  /** The conversion that a turn works on. */
  static Optional<Key> of(Turn turn, World before) {
    if (turn.step() instanceof Step.Advance advance
        && isConversion(before, advance.party(), advance.task())) {
      return Optional.of(new Key(advance.party(), advance.task()));
    }
    for (Event event : turn.decision().events()) {
      Optional<TaskId> id =
          switch (event) {
            case GmemEvent gmem -> moved(gmem);
            case KvmEvent kvm -> moved(kvm);
            // No other party converts. Java closes a list of types within one package only.
            default -> Optional.empty();
          };
      if (id.isPresent() && isConversion(before, turn.party(), id.get())) {
        return Optional.of(new Key(turn.party(), id.get()));
      }
    }
    return Optional.empty();
  }

  /** The task of the inode that an event moves on. */
  private static Optional<TaskId> moved(GmemEvent event) {
    return switch (event) {
      case GmemEvent.TaskProceeded(TaskId id, GmemTask _) -> Optional.of(id);
      case GmemEvent.TaskEnded(TaskId id) -> Optional.of(id);
      case GmemEvent.TaskStarted _,
          GmemEvent.LockTaken _,
          GmemEvent.LockReleased _,
          GmemEvent.AttributesStored _,
          GmemEvent.HostFaultsAllowed _,
          GmemEvent.HostFaultsForbidden _,
          GmemEvent.HostUnmapped _,
          GmemEvent.HostMapped _,
          GmemEvent.FoliosAdded _,
          GmemEvent.FoliosBatched _,
          GmemEvent.BatchDrained _,
          GmemEvent.FoliosGot _,
          GmemEvent.FoliosUnlocked _,
          GmemEvent.FoliosReferenced _,
          GmemEvent.FoliosPut _,
          GmemEvent.FoliosPinned _,
          GmemEvent.FoliosUnpinned _,
          GmemEvent.FoliosZeroed _,
          GmemEvent.FoliosUnprepared _,
          GmemEvent.CallbacksRegistered _,
          GmemEvent.CallbacksCleared _,
          GmemEvent.PagesRemoved _,
          GmemEvent.BytesWritten _,
          GmemEvent.ContentLost _,
          GmemEvent.FramesGuarded _,
          GmemEvent.WatchSet _,
          GmemEvent.WatchDropped _,
          GmemEvent.ExitMmapWaits _,
          GmemEvent.ExitMmapDone _ ->
          Optional.empty();
    };
  }

  /** The task of KVM that an event moves on. */
  private static Optional<TaskId> moved(KvmEvent event) {
    return switch (event) {
      case KvmEvent.TaskProceeded(TaskId id, KvmTask _) -> Optional.of(id);
      case KvmEvent.TaskEnded(TaskId id) -> Optional.of(id);
      case KvmEvent.TaskStarted _,
          KvmEvent.LockTaken _,
          KvmEvent.LockReleased _,
          KvmEvent.AttributesStored _,
          KvmEvent.InvalidationBegun _,
          KvmEvent.InvalidationEnded _,
          KvmEvent.Zapped _,
          KvmEvent.MappingInstalled _,
          KvmEvent.VmDied _ ->
          Optional.empty();
    };
  }

  private static boolean isConversion(World world, PartyId party, TaskId id) {
    if (party.equals(Parties.GMEM)) {
      return world.gmem().findTask(id).filter(t -> t.work() instanceof Work.Conversion).isPresent();
    }
    return party.equals(Parties.KVM)
        && world
            .kvm()
            .findTask(id)
            .filter(task -> task.work() instanceof KvmWork.AttributeChange)
            .isPresent();
  }

  /** The pages of the file that it is about. */
  static IndexRange range(World world, Key key) {
    if (key.party().equals(Parties.GMEM)) {
      return world.gmem().findTask(key.task()).map(GmemTask::work).map(Work::range).orElseThrow();
    }
    KvmTask task = world.kvm().findTask(key.task()).orElseThrow();
    GfnRange frames = ((KvmWork.AttributeChange) task.work()).range();
    GfnRange inRam = frames.intersect(world.setup().ram()).orElse(world.setup().ram());
    return new IndexRange(inRam.start(), inRam.end());
  }

  /** Whether it is over with a turn. */
  static boolean ends(Turn turn, Key key) {
    return turn.decision().events().contains(new GmemEvent.TaskEnded(key.task()))
        || turn.decision().events().contains(new KvmEvent.TaskEnded(key.task()));
  }

  /** Whether it is refused, in this turn or before it. */
  static boolean isRefused(Turn turn, World before, Key key) {
    boolean now =
        turn.decision().events().stream()
            .anyMatch(
                event ->
                    event instanceof GmemEvent.TaskProceeded proceeded
                            && proceeded.task().refusal().isPresent()
                        || event instanceof KvmEvent.TaskProceeded kvm
                            && kvm.task().refusal().isPresent());
    boolean already =
        key.party().equals(Parties.GMEM)
            ? before.gmem().findTask(key.task()).flatMap(GmemTask::refusal).isPresent()
            : before.kvm().findTask(key.task()).flatMap(KvmTask::refusal).isPresent();
    return now || already;
  }

  /** What it makes of its pages. */
  static View target(World world, Key key) {
    if (key.party().equals(Parties.GMEM)) {
      Work work = world.gmem().findTask(key.task()).map(GmemTask::work).orElseThrow();
      return ((Work.Conversion) work).target();
    }
    KvmTask task = world.kvm().findTask(key.task()).orElseThrow();
    return ((KvmWork.AttributeChange) task.work()).target();
  }

  /** The conversions under way, those of the inode first. */
  static List<Key> underWay(World world) {
    List<Key> keys = new ArrayList<>();
    for (TaskId id : world.gmem().tasks()) {
      if (isConversion(world, Parties.GMEM, id)) {
        keys.add(new Key(Parties.GMEM, id));
      }
    }
    for (TaskId id : world.kvm().tasks()) {
      if (isConversion(world, Parties.KVM, id)) {
        keys.add(new Key(Parties.KVM, id));
      }
    }
    return keys;
  }

  /** Whether a conversion of one of the pages is under way. */
  static boolean isUnderWay(World world, IndexRange pages) {
    return underWay(world).stream().anyMatch(key -> range(world, key).overlaps(pages));
  }
}
