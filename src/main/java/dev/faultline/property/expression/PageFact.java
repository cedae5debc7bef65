package dev.faultline.property.expression;

import dev.faultline.protocol.anchor.AnchorState;
import dev.faultline.protocol.design.Mode;
import dev.faultline.protocol.gmem.Folio;
import dev.faultline.protocol.guest.GuestState;
import dev.faultline.protocol.iommu.IommuState;
import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.IndexRange;
import dev.faultline.protocol.memory.PfnRange;
import dev.faultline.protocol.memory.Run;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.PartyKind;
import dev.faultline.protocol.message.View;
import dev.faultline.world.Parties;
import dev.faultline.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * What can be said of a page. It is looked at for a whole range at once: a file of a terabyte has
 * few runs of pages that differ.
 */
sealed interface PageFact {

  /** The pages of a range of which it is so, as {@link Ranges} has them. */
  List<IndexRange> where(Sight sight, IndexRange range);

  // Facts of facts.

  /** Both; the second is asked only of pages of which the first is so. */
  record And(PageFact first, PageFact second) implements PageFact {
    @Override
    public List<IndexRange> where(Sight sight, IndexRange range) {
      List<IndexRange> both = new ArrayList<>();
      for (IndexRange part : first.where(sight, range)) {
        both.addAll(second.where(sight, part));
      }
      return Ranges.union(both);
    }
  }

  /** One or both; the second is asked only of pages of which the first is not so. */
  record Or(PageFact first, PageFact second) implements PageFact {
    @Override
    public List<IndexRange> where(Sight sight, IndexRange range) {
      List<IndexRange> either = new ArrayList<>(first.where(sight, range));
      for (IndexRange part : Ranges.rest(range, List.copyOf(either))) {
        either.addAll(second.where(sight, part));
      }
      return Ranges.union(either);
    }
  }

  /** The opposite. */
  record Not(PageFact fact) implements PageFact {
    @Override
    public List<IndexRange> where(Sight sight, IndexRange range) {
      return Ranges.rest(range, fact.where(sight, range));
    }
  }

  // Views.

  /** It is private, or shared, by someone's account. */
  record Viewed(View view, Whose whose) implements PageFact {
    @Override
    public List<IndexRange> where(Sight sight, IndexRange range) {
      List<IndexRange> privates = whose.privates(sight.world(), range);
      return view == View.PRIVATE ? privates : Ranges.rest(range, privates);
    }
  }

  /** The trust anchor keeps it in a state. */
  record Anchored(String state) implements PageFact {
    @Override
    public List<IndexRange> where(Sight sight, IndexRange range) {
      AnchorState anchor = (AnchorState) sight.world().state(Parties.ANCHOR);
      return guestPages(
          anchor.pages().runs(Ranges.frames(range)), entry -> entry.state().equals(state));
    }
  }

  /** The guest has accepted it, where the mode asks for that. */
  record Accepted() implements PageFact {
    @Override
    public List<IndexRange> where(Sight sight, IndexRange range) {
      AnchorState anchor = (AnchorState) sight.world().state(Parties.ANCHOR);
      Mode mode = sight.world().setup().mode();
      return guestPages(
          anchor.pages().runs(Ranges.frames(range)), entry -> mode.isAccepted(entry.state()));
    }
  }

  /** A vCPU has accepted it since it asked for it. */
  record AcceptedBy(PartyId vcpu) implements PageFact {
    @Override
    public List<IndexRange> where(Sight sight, IndexRange range) {
      return ((GuestState) sight.world().state(vcpu))
          .accepted().ranges(Ranges.frames(range)).stream().map(Ranges::indices).toList();
    }
  }

  // Mappings and pins.

  /** A host page table has it; if an address space is given, that one's. */
  record HostMapped(Optional<PartyId> memory) implements PageFact {
    @Override
    public List<IndexRange> where(Sight sight, IndexRange range) {
      List<PartyId> memories = memory.map(List::of).orElseGet(() -> sight.file().mappers());
      List<IndexRange> mapped = new ArrayList<>();
      for (PartyId each : memories) {
        sight.file().pageTable(each).runs(range).forEach(run -> mapped.add(run.range()));
      }
      return Ranges.union(mapped);
    }
  }

  /** The guest has it mapped; if a view is given, as that. */
  record GuestMapped(Optional<View> view) implements PageFact {
    @Override
    public List<IndexRange> where(Sight sight, IndexRange range) {
      List<View> views = view.map(List::of).orElse(List.of(View.values()));
      List<IndexRange> mapped = new ArrayList<>();
      for (View each : views) {
        mapped.addAll(
            guestPages(sight.world().kvm().mmu(each).runs(Ranges.frames(range)), _ -> true));
      }
      return Ranges.union(mapped);
    }
  }

  /** The IOMMU translates to it; if a device is given, for that one. */
  record DmaMapped(Optional<PartyId> device) implements PageFact {
    @Override
    public List<IndexRange> where(Sight sight, IndexRange range) {
      List<IndexRange> mapped = new ArrayList<>();
      for (Run<GfnRange, IommuState.Translation> run :
          sight.world().iommu().translations().runs(GfnRange.ALL)) {
        if (device.isEmpty() || device.get().equals(run.value().device())) {
          mapped.addAll(sight.attached(PfnRange.behind(run.range(), run.value().offset()), range));
        }
      }
      return Ranges.union(mapped);
    }
  }

  /** A host user that is no device has it pinned and may reach its bytes; all of them, or one. */
  record UserPinned(Optional<PartyId> user) implements PageFact {
    @Override
    public List<IndexRange> where(Sight sight, IndexRange range) {
      World world = sight.world();
      List<PartyId> users =
          user.map(List::of)
              .orElseGet(
                  () ->
                      world.parties().stream()
                          .filter(party -> party.kind() == PartyKind.HOST_IO)
                          .toList());
      List<IndexRange> pinned = new ArrayList<>();
      for (PartyId each : users) {
        for (Run<GfnRange, Long> run : world.hostIo(each).pins().runs(GfnRange.ALL)) {
          pinned.addAll(sight.attached(PfnRange.behind(run.range(), run.value()), range));
        }
      }
      return Ranges.union(pinned);
    }
  }

  // The file.

  /** It has a folio in the page cache, and that shows something. */
  record Cached(Shown shown) implements PageFact {
    @Override
    public List<IndexRange> where(Sight sight, IndexRange range) {
      List<IndexRange> cached = new ArrayList<>();
      for (Run<IndexRange, Folio> run : sight.file().folios(range)) {
        if (shown.by(run.value())) {
          cached.add(run.range());
        }
      }
      return Ranges.union(cached);
    }
  }

  /** What a folio shows. */
  enum Shown {
    /** That it is there. */
    ANYTHING,
    /** That it was zeroed or written. */
    UPTODATE,
    /** That its lock is held. */
    LOCKED;

    private boolean by(Folio folio) {
      return switch (this) {
        case ANYTHING -> true;
        case UPTODATE -> folio.uptodate();
        case LOCKED -> folio.lockedBy().isPresent();
      };
    }
  }

  /** Host faults are let through to it. */
  record Faultable() implements PageFact {
    @Override
    public List<IndexRange> where(Sight sight, IndexRange range) {
      return sight.file().faultable().ranges(range);
    }
  }

  /** A frame that was behind it has left the page cache and is still referenced. */
  record Detached() implements PageFact {
    @Override
    public List<IndexRange> where(Sight sight, IndexRange range) {
      List<IndexRange> detached = new ArrayList<>();
      for (Run<PfnRange, Folio> run : sight.file().detached().runs(PfnRange.ALL)) {
        sight.file().indices(run.range()).intersect(range).ifPresent(detached::add);
      }
      return Ranges.union(detached);
    }
  }

  /** What the next reader finds in it compares so with a number; 0 where nothing was written. */
  record Holds(Comparison comparison, int value) implements PageFact {
    @Override
    public List<IndexRange> where(Sight sight, IndexRange range) {
      boolean zero = comparison.holds(0, value);
      List<IndexRange> other = new ArrayList<>();
      for (Run<IndexRange, Integer> run : sight.file().content(range)) {
        if (comparison.holds(run.value(), value) != zero) {
          other.add(run.range());
        }
      }
      List<IndexRange> united = Ranges.union(other);
      return zero ? Ranges.rest(range, united) : united;
    }
  }

  /** One of its counts compares so with a number. */
  record Has(Count count, Comparison comparison, long number) implements PageFact {
    @Override
    public List<IndexRange> where(Sight sight, IndexRange range) {
      List<IndexRange> found = new ArrayList<>();
      long start = range.start();
      for (long end : ends(sight, range)) {
        if (comparison.holds(count.of(sight.file(), new IndexRange(start, start + 1)), number)) {
          found.add(new IndexRange(start, end));
        }
        start = end;
      }
      return Ranges.union(found);
    }

    /** Where runs of pages end that have the same count. */
    private TreeSet<Long> ends(Sight sight, IndexRange range) {
      List<IndexRange> runs = new ArrayList<>(List.of(range));
      sight.file().folios(range).forEach(run -> runs.add(run.range()));
      if (count.hasMappings()) {
        for (PartyId memory : sight.file().mappers()) {
          sight.file().pageTable(memory).runs(range).forEach(run -> runs.add(run.range()));
        }
      }
      TreeSet<Long> ends = new TreeSet<>();
      for (IndexRange run : runs) {
        ends.add(run.start());
        ends.add(run.end());
      }
      ends.remove(range.start());
      return ends;
    }
  }

  private static <V> List<IndexRange> guestPages(List<Run<GfnRange, V>> runs, Predicate<V> wanted) {
    return Ranges.union(
        runs.stream()
            .filter(run -> wanted.test(run.value()))
            .map(run -> Ranges.indices(run.range()))
            .toList());
  }
}
