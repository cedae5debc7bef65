package dev.faultline.property;

import dev.faultline.protocol.Event;
import dev.faultline.protocol.Outcome;
import dev.faultline.protocol.gmem.GmemEvent;
import dev.faultline.protocol.gmem.GmemTask;
import dev.faultline.protocol.gmem.Work;
import dev.faultline.protocol.kvm.KvmEvent;
import dev.faultline.protocol.memory.IndexRange;
import dev.faultline.protocol.memory.RangeSet;
import dev.faultline.world.Parties;
import dev.faultline.world.Step;
import dev.faultline.world.Turn;
import dev.faultline.world.World;
import java.util.Optional;

/**
 * N03 of the protocol: a fault of the host on a shared page of the file is served, once host faults
 * were let through to it. While a conversion of the page is under way it may be refused already, or
 * still; and what the trust anchor keeps from the host is not the inode's to give.
 */
public final class HostReachesSharedPage implements Property {

  @Override
  public String promise() {
    return "a host fault on a shared page is served, unless the page is being converted";
  }

  /**
   * What turns have shown.
   *
   * @param open shared pages that host faults were let through to since they are shared
   * @param violation of the last turn
   */
  private record Seen(RangeSet<IndexRange> open, Optional<String> violation) implements Memory {}

  @Override
  public Memory remember(World start) {
    return new Seen(opened(RangeSet.empty(), start), Optional.empty());
  }

  @Override
  public Memory remember(Memory memory, Turn turn, World before, World after) {
    Seen seen = (Seen) memory;
    RangeSet<IndexRange> open =
        turn.decision().events().stream().anyMatch(HostReachesSharedPage::opensOrCloses)
            ? opened(seen.open(), after)
            : seen.open();
    Optional<String> violation = refused(turn, before, open);
    return open == seen.open() && violation.equals(seen.violation())
        ? seen
        : new Seen(open, violation);
  }

  private static boolean opensOrCloses(Event event) {
    return event instanceof GmemEvent.AttributesStored
        || event instanceof KvmEvent.AttributesStored
        || event instanceof GmemEvent.HostFaultsAllowed;
  }

  private static RangeSet<IndexRange> opened(RangeSet<IndexRange> before, World world) {
    IndexRange whole = new IndexRange(0, world.setup().pageCount());
    RangeSet<IndexRange> open = before;
    for (IndexRange faultable : world.gmem().faultable().ranges(whole)) {
      open = open.with(faultable);
    }
    for (IndexRange closed : Views.privates(world, whole)) {
      open = open.without(closed);
    }
    return open;
  }

  private static Optional<String> refused(Turn turn, World before, RangeSet<IndexRange> open) {
    if (!(turn.decision().outcome() instanceof Outcome.Signalled)
        || !turn.party().equals(Parties.GMEM)
        || !(turn.step() instanceof Step.Advance advance)) {
      return Optional.empty();
    }
    return before
        .gmem()
        .findTask(advance.task())
        .map(GmemTask::work)
        .filter(work -> work instanceof Work.HostFault)
        .map(Work::range)
        .filter(range -> open.containsAll(range) && !Conversions.isUnderWay(before, range))
        .filter(range -> !isGuarded(before, range))
        .map(range -> "a host fault on page " + range.start() + ", which is shared, is refused");
  }

  private static boolean isGuarded(World world, IndexRange range) {
    return world.gmem().folios(range).stream()
        .map(run -> world.gmem().frames(run.range(), run.value().generation()))
        .anyMatch(frames -> !world.gmem().guarded().runs(frames).isEmpty());
  }

  @Override
  public Optional<String> violation(Memory memory, World world) {
    return ((Seen) memory).violation();
  }
}
