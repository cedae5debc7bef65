package dev.faultline.view;

import dev.faultline.journal.JournalEntry.StepTaken;
import dev.faultline.protocol.Event;
import dev.faultline.protocol.gmem.Folio;
import dev.faultline.protocol.gmem.GmemEvent;
import dev.faultline.protocol.gmem.GmemTask;
import dev.faultline.protocol.gmem.Work;
import dev.faultline.protocol.iommu.IommuEvent;
import dev.faultline.protocol.iommu.IommuState;
import dev.faultline.protocol.iommu.IommuTask;
import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.IndexRange;
import dev.faultline.protocol.memory.PfnRange;
import dev.faultline.protocol.memory.RangeSet;
import dev.faultline.protocol.memory.Run;
import dev.faultline.protocol.message.Endpoint;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.PartyKind;
import dev.faultline.world.Beginning;
import dev.faultline.world.Parties;
import dev.faultline.world.Step;
import dev.faultline.world.World;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Who pinned frames, when, and when they were given back: what no reference count knows, told from
 * the events that took and put the references. Is shown the steps in order.
 */
final class Pins {

  private final long pageCount;
  private final List<Taken> taken = new ArrayList<>();

  /** Those of them that still hold something. */
  private final List<Taken> open = new ArrayList<>();

  /** The devices that a task of the IOMMU pins or unpins for. */
  private final SortedMap<Endpoint, SortedSet<PartyId>> devices = new TreeMap<>();

  /**
   * Those that are there before the first step.
   *
   * @param start the world then
   */
  Pins(World start) {
    this.pageCount = start.setup().pageCount();
    for (Beginning.Present present : start.setup().beginning().pages()) {
      IndexRange pages = new IndexRange(present.pages().start(), present.pages().end());
      // Pinned pages are shared: what lies outside of the file is none of its.
      List<PartyId> users =
          start.setup().sharedElsewhere() ? List.<PartyId>of() : present.pinnedBy();
      for (PartyId user : users) {
        Pin pin = new Pin(user, Parties.memoryOf(start.setup(), user), pages, 0);
        Taken known = new Taken(pin, RangeSet.of(PfnRange.behind(pages, 0)));
        taken.add(known);
        open.add(known);
      }
    }
  }

  /**
   * A pin that was taken.
   *
   * @param who a device or another host user
   * @param memory the address space through which the pages were found
   * @param asked the pages that were asked for in one go
   * @param step when the references were taken; 0 if they were there before
   */
  record Pin(PartyId who, PartyId memory, IndexRange asked, long step) {}

  /** A pin with the frames that it still holds, and those that were given back, by step. */
  private static final class Taken {
    private final Pin pin;
    private RangeSet<PfnRange> held;
    private final SortedMap<Long, RangeSet<PfnRange>> given = new TreeMap<>();

    Taken(Pin pin, RangeSet<PfnRange> held) {
      this.pin = pin;
      this.held = held;
    }

    /** Gives back what it holds of frames; returns the frames that it did not hold. */
    List<PfnRange> give(PfnRange frames, long step) {
      List<PfnRange> others = held.gaps(frames);
      for (PfnRange part : held.ranges(frames)) {
        given.merge(
            step, RangeSet.of(part), (known, more) -> known.with(more.ranges(part).getFirst()));
        held = held.without(part);
      }
      return others;
    }
  }

  // Queries.

  /** The pins that hold pages of the file now, the oldest first, each with a frame it holds. */
  Map<Pin, PfnRange> on(World world, IndexRange pages) {
    Map<Pin, PfnRange> found = new LinkedHashMap<>();
    for (Taken known : open) {
      for (Run<IndexRange, Folio> folios : world.gmem().folios(pages)) {
        known.held.ranges(frames(folios)).stream()
            .findFirst()
            .ifPresent(
                held -> found.putIfAbsent(known.pin, new PfnRange(held.start(), held.start() + 1)));
      }
    }
    return found;
  }

  /** The pages of the file that are pinned now. */
  List<IndexRange> pinned(World world, IndexRange pages) {
    List<IndexRange> found = new ArrayList<>();
    for (Run<IndexRange, Folio> folios : world.gmem().folios(pages)) {
      PfnRange frames = frames(folios);
      for (Taken known : open) {
        known.held.ranges(frames).forEach(range -> found.add(Pages.of(range, pageCount)));
      }
    }
    return found;
  }

  private PfnRange frames(Run<IndexRange, Folio> folios) {
    return PfnRange.behind(folios.range(), folios.value().generation() * pageCount);
  }

  /** The step at which a pin let go of a frame, if it has. */
  Optional<Long> givenBack(Pin pin, PfnRange frame) {
    return taken.stream()
        .filter(known -> known.pin.equals(pin))
        .flatMap(known -> known.given.entrySet().stream())
        .filter(given -> given.getValue().containsAll(frame))
        .map(SortedMap.Entry::getKey)
        .findFirst();
  }

  // Gathering.

  void visit(World before, StepTaken entry) {
    for (Event event : entry.events()) {
      switch (event) {
        case IommuEvent iommu -> remember(before, entry, iommu);
        case GmemEvent gmem -> remember(before, entry, gmem);
        // Only these two know of pins. Java closes a list of types within one package only.
        default -> {}
      }
    }
  }

  private void remember(World before, StepTaken entry, GmemEvent event) {
    switch (event) {
      case GmemEvent.FoliosPinned(List<PfnRange> frames) -> pinned(before, entry, frames);
      case GmemEvent.FoliosUnpinned(List<PfnRange> frames) -> unpinned(before, entry, frames);
      case GmemEvent.TaskStarted _,
          GmemEvent.TaskProceeded _,
          GmemEvent.TaskEnded _,
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
          GmemEvent.ExitMmapDone _ -> {}
    }
  }

  private void remember(World before, StepTaken entry, IommuEvent event) {
    if (event instanceof IommuEvent.TaskStarted(var id, IommuTask task)) {
      SortedSet<PartyId> found = new TreeSet<>();
      switch (task) {
        case IommuTask.Map(Endpoint _, PartyId device, GfnRange _) -> found.add(device);
        case IommuTask.Unmap unmap -> {
          for (Run<GfnRange, IommuState.Translation> run :
              before.iommu().translations().runs(unmap.iova())) {
            found.add(run.value().device());
          }
        }
        case IommuTask.Transfer _ -> {}
      }
      devices.put(new Endpoint(entry.party(), id), found);
    }
  }

  private void pinned(World before, StepTaken entry, List<PfnRange> frames) {
    Optional<GmemTask> task = task(before, entry);
    if (task.isPresent() && task.get().work() instanceof Work.GetUserPages work) {
      RangeSet<PfnRange> held = RangeSet.empty();
      for (PfnRange range : frames) {
        held = held.with(range);
      }
      PartyId who = holders(task.get().caller()).first();
      Taken next = new Taken(new Pin(who, work.memory(), work.range(), entry.step()), held);
      taken.add(next);
      open.add(next);
    }
  }

  /** Gives frames back: those of get_user_pages that looks again, or fails, or of whoever asks. */
  private void unpinned(World before, StepTaken entry, List<PfnRange> frames) {
    Optional<Endpoint> by =
        switch (entry.taken()) {
          case Step.Deliver(var channel, int _) -> Optional.of(channel.from());
          case Step.Advance _ -> task(before, entry).map(GmemTask::caller);
          case Step.Tick _, Step.Kill _ -> Optional.empty();
        };
    if (by.isEmpty()) {
      return;
    }
    SortedSet<PartyId> who = holders(by.get());
    List<PfnRange> left = new ArrayList<>(frames);
    for (Taken known : open) {
      if (who.contains(known.pin.who())) {
        List<PfnRange> others = new ArrayList<>();
        left.forEach(range -> others.addAll(known.give(range, entry.step())));
        left = others;
      }
    }
    open.removeIf(known -> known.held.isEmpty());
  }

  private static Optional<GmemTask> task(World before, StepTaken entry) {
    return entry.party().equals(Parties.GMEM)
            && entry.taken() instanceof Step.Advance(var _, var id, int _)
        ? before.gmem().findTask(id)
        : Optional.empty();
  }

  private SortedSet<PartyId> holders(Endpoint caller) {
    return caller.party().kind() == PartyKind.IOMMU
        ? devices.getOrDefault(caller, new TreeSet<>(List.of(caller.party())))
        : new TreeSet<>(List.of(caller.party()));
  }
}
