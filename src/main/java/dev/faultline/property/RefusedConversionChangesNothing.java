package dev.faultline.property;

import dev.faultline.property.Conversions.Key;
import dev.faultline.protocol.gmem.GmemEvent;
import dev.faultline.protocol.kvm.KvmEvent;
import dev.faultline.protocol.memory.IndexRange;
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
    Optional<Key> conversion = Conversions.of(turn, before);
    if (conversion.isEmpty()) {
      return changes.violation().isEmpty()
          ? changes
          : new Changes(changes.running(), Optional.empty());
    }
    Key key = conversion.get();
    TreeMap<Key, Before> running = new TreeMap<>(changes.running());
    if (changesSomething(turn) && !running.containsKey(key)) {
      running.put(key, Before.of(before, Conversions.range(before, key)));
    }
    List<IndexRange> lost = Conversions.lost(turn, before);
    if (!lost.isEmpty()) {
      running.computeIfPresent(key, (_, was) -> was.losing(lost));
    }
    Optional<String> violation = Optional.empty();
    if (Conversions.ends(turn, key)) {
      Optional<Before> was = Optional.ofNullable(running.remove(key));
      if (was.isPresent() && Conversions.isRefused(turn, before, key)) {
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

  @Override
  public Optional<String> violation(Memory memory, World world) {
    return ((Changes) memory).violation();
  }
}
