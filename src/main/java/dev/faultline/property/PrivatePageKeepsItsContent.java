package dev.faultline.property;

import dev.faultline.property.Conversions.Key;
import dev.faultline.protocol.memory.IndexRange;
import dev.faultline.protocol.message.View;
import dev.faultline.world.Turn;
import dev.faultline.world.World;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * I17 and N17 of the protocol: what the guest keeps in a private page is not destroyed by a call
 * that makes it private once more, with others (Suzuki on v8, patch 13). A hole that is punched,
 * and a conversion to shared, are asked for; of a call that is refused {@link
 * RefusedConversionChangesNothing} says it.
 */
public final class PrivatePageKeepsItsContent implements Property {

  @Override
  public String promise() {
    return "a private page keeps its content when a range that it lies in is made private";
  }

  /**
   * What turns have shown.
   *
   * @param destroyed by a conversion to private under way: pages that were private before
   * @param violation of the last turn
   */
  private record Seen(SortedMap<Key, IndexRange> destroyed, Optional<String> violation)
      implements Memory {
    static final Seen NOTHING = new Seen(Collections.emptySortedMap(), Optional.empty());

    Seen {
      destroyed = Collections.unmodifiableSortedMap(new TreeMap<>(destroyed));
    }
  }

  @Override
  public Memory remember(World start) {
    return Seen.NOTHING;
  }

  @Override
  public Memory remember(Memory memory, Turn turn, World before, World after) {
    Seen seen = (Seen) memory;
    Optional<Key> conversion = Conversions.of(turn, before);
    if (conversion.isEmpty()) {
      return seen.violation().isEmpty() ? seen : new Seen(seen.destroyed(), Optional.empty());
    }
    Key key = conversion.get();
    Optional<IndexRange> lost =
        Conversions.target(before, key) == View.PRIVATE
            ? firstPrivate(Conversions.lost(turn, before), before)
            : Optional.empty();
    boolean ends = Conversions.ends(turn, key);
    if (lost.isEmpty() && !ends) {
      return seen.violation().isEmpty() ? seen : new Seen(seen.destroyed(), Optional.empty());
    }
    TreeMap<Key, IndexRange> destroyed = new TreeMap<>(seen.destroyed());
    lost.ifPresent(range -> destroyed.putIfAbsent(key, range));
    Optional<IndexRange> done =
        ends ? Optional.ofNullable(destroyed.remove(key)) : Optional.empty();
    return new Seen(
        destroyed,
        done.filter(_ -> !Conversions.isRefused(turn, before, key))
            .map(
                range ->
                    "page "
                        + range.start()
                        + " was private, and a call to make it private destroyed what it held"));
  }

  private static Optional<IndexRange> firstPrivate(List<IndexRange> lost, World before) {
    return lost.stream().flatMap(range -> Views.privates(before, range).stream()).findFirst();
  }

  @Override
  public Optional<String> violation(Memory memory, World world) {
    return ((Seen) memory).violation();
  }
}
