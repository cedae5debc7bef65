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
import dev.faultline.world.Parties;
import dev.faultline.world.Turn;
import dev.faultline.world.World;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * I10 of the protocol: a conversion that is refused leaves every attribute and every byte as it
 * was. Host mappings may be gone.
 *
 * <p>It remembers, for each conversion that has changed something, what was there before its own
 * first change; a conversion that checks before it changes is never remembered.
 */
public final class RefusedConversionChangesNothing implements Property {

  @Override
  public String promise() {
    return "a refused conversion leaves every attribute and every byte as it was";
  }

  /** A conversion under way: a task of the inode or of KVM. */
  private record Key(PartyId party, TaskId task) implements Comparable<Key> {
    @Override
    public int compareTo(Key other) {
      int byParty = party.compareTo(other.party);
      return byParty != 0 ? byParty : task.compareTo(other.task);
    }
  }

  /**
   * What a range was like before the conversion changed it.
   *
   * @param privates its private pages
   * @param faultable its pages that host faults reach
   * @param lost content that the conversion itself destroyed
   */
  private record Before(
      IndexRange range,
      List<IndexRange> privates,
      List<IndexRange> faultable,
      List<IndexRange> lost) {

    static Before of(World world, IndexRange range) {
      return new Before(
          range, Views.privates(world, range), world.gmem().faultable().ranges(range), List.of());
    }

    Before losing(List<IndexRange> more) {
      List<IndexRange> all = new ArrayList<>(lost);
      all.addAll(more);
      return new Before(range, privates, faultable, all);
    }
  }

  private record Changes(SortedMap<Key, Before> running, Optional<String> violation)
      implements Memory {
    Changes {
      running = Collections.unmodifiableSortedMap(new TreeMap<>(running));
    }
  }

  @Override
  public Memory remember(World start) {
    return new Changes(Collections.emptySortedMap(), Optional.empty());
  }

  @Override
  public Memory remember(Memory memory, Turn turn, World before, World after) {
    Changes changes = (Changes) memory;
    Optional<Key> conversion = conversion(turn, before);
    if (conversion.isEmpty()) {
      return changes.violation().isEmpty()
          ? changes
          : new Changes(changes.running(), Optional.empty());
    }
    Key key = conversion.get();
    TreeMap<Key, Before> running = new TreeMap<>(changes.running());
    if (changesSomething(turn) && !running.containsKey(key)) {
      running.put(key, Before.of(before, range(before, key)));
    }
    List<IndexRange> lost = lost(turn, before);
    if (!lost.isEmpty()) {
      running.computeIfPresent(key, (_, was) -> was.losing(lost));
    }
    Optional<String> violation = Optional.empty();
    if (ends(turn, key)) {
      Optional<Before> was = Optional.ofNullable(running.remove(key));
      if (was.isPresent() && isRefused(turn, before, key)) {
        violation = difference(was.get(), after);
      }
    }
    return new Changes(running, violation);
  }

  private static Optional<String> difference(Before was, World world) {
    Before now = Before.of(world, was.range());
    if (!now.privates().equals(was.privates())) {
      return Optional.of("attributes of " + was.range() + " changed although the call was refused");
    }
    // Fewer is the design's matter; more lets the host reach what it did not reach before.
    if (pageCount(now.faultable()) > pageCount(was.faultable())) {
      return Optional.of(
          "host faults on "
              + was.range()
              + " reached "
              + pages(was.faultable())
              + " before the refused call and reach "
              + pages(now.faultable())
              + " after it");
    }
    if (!was.lost().isEmpty()) {
      return Optional.of(
          "what page "
              + was.lost().getFirst().start()
              + " held is destroyed although the call was refused");
    }
    return Optional.empty();
  }

  private static long pageCount(List<IndexRange> ranges) {
    return ranges.stream().mapToLong(IndexRange::pageCount).sum();
  }

  private static String pages(List<IndexRange> ranges) {
    return ranges.isEmpty()
        ? "no page"
        : String.join(", ", ranges.stream().map(IndexRange::toString).toList());
  }

  /** Pages with bytes in them whose content a turn destroys. */
  private static List<IndexRange> lost(Turn turn, World before) {
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
  private static Optional<Key> conversion(Turn turn, World before) {
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
          GmemEvent.FoliosGot _,
          GmemEvent.FoliosUnlocked _,
          GmemEvent.FoliosReferenced _,
          GmemEvent.FoliosPut _,
          GmemEvent.FoliosPinned _,
          GmemEvent.FoliosUnpinned _,
          GmemEvent.FoliosZeroed _,
          GmemEvent.FoliosUnprepared _,
          GmemEvent.PagesRemoved _,
          GmemEvent.BytesWritten _,
          GmemEvent.ContentLost _,
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

  private static IndexRange range(World world, Key key) {
    if (key.party().equals(Parties.GMEM)) {
      return world.gmem().findTask(key.task()).map(GmemTask::work).map(Work::range).orElseThrow();
    }
    KvmTask task = world.kvm().findTask(key.task()).orElseThrow();
    GfnRange frames = ((KvmWork.AttributeChange) task.work()).range();
    GfnRange inRam = frames.intersect(world.setup().ram()).orElse(world.setup().ram());
    return new IndexRange(inRam.start(), inRam.end());
  }

  private static boolean changesSomething(Turn turn) {
    return turn.decision().events().stream()
        .anyMatch(
            event ->
                event instanceof GmemEvent.AttributesStored
                    || event instanceof GmemEvent.HostFaultsAllowed
                    || event instanceof GmemEvent.HostFaultsForbidden
                    || event instanceof GmemEvent.ContentLost
                    || event instanceof GmemEvent.FoliosUnprepared
                    || event instanceof KvmEvent.AttributesStored
                    || event instanceof KvmEvent.InvalidationBegun);
  }

  private static boolean ends(Turn turn, Key key) {
    return turn.decision().events().contains(new GmemEvent.TaskEnded(key.task()))
        || turn.decision().events().contains(new KvmEvent.TaskEnded(key.task()));
  }

  private static boolean isRefused(Turn turn, World before, Key key) {
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

  @Override
  public Optional<String> violation(Memory memory, World world) {
    return ((Changes) memory).violation();
  }
}
