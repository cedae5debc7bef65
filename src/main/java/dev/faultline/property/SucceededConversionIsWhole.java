package dev.faultline.property;

import dev.faultline.property.Conversions.Key;
import dev.faultline.protocol.design.Operation;
import dev.faultline.protocol.gmem.GmemTask;
import dev.faultline.protocol.memory.IndexRange;
import dev.faultline.protocol.message.View;
import dev.faultline.world.Parties;
import dev.faultline.world.Turn;
import dev.faultline.world.World;
import java.util.List;
import java.util.Optional;

/**
 * N02 of the protocol: a conversion call that returns 0 has brought every page of its range to the
 * wanted state, in all that the design keeps about it. A page that the VM has as shared and the
 * file does not let the host reach is shared by halves.
 */
public final class SucceededConversionIsWhole implements Property {

  @Override
  public String promise() {
    return "a conversion that succeeds leaves each of its pages as it was asked";
  }

  private record Seen(Optional<String> violation) implements Memory {
    static final Seen NOTHING = new Seen(Optional.empty());
  }

  @Override
  public Memory remember(World start) {
    return Seen.NOTHING;
  }

  @Override
  public Memory remember(Memory memory, Turn turn, World before, World after) {
    return Conversions.of(turn, before)
        .filter(key -> isCall(before, key) && Conversions.ends(turn, key))
        .filter(key -> !Conversions.isRefused(turn, before, key))
        .flatMap(
            key -> missed(after, Conversions.range(before, key), Conversions.target(before, key)))
        .map(text -> (Memory) new Seen(Optional.of(text)))
        .orElse(Seen.NOTHING);
  }

  /** Whether it is a call, and no part of one. */
  private static boolean isCall(World world, Key key) {
    return key.party().equals(Parties.KVM)
        || world
            .gmem()
            .findTask(key.task())
            .map(GmemTask::operation)
            .filter(
                operation ->
                    operation == Operation.CONVERT_TO_PRIVATE
                        || operation == Operation.CONVERT_TO_SHARED)
            .isPresent();
  }

  private static Optional<String> missed(World world, IndexRange range, View target) {
    List<IndexRange> privates = Views.privates(world, range);
    if (target == View.PRIVATE) {
      long count = privates.stream().mapToLong(IndexRange::pageCount).sum();
      return count == range.pageCount()
          ? Optional.empty()
          : Optional.of("a call made " + range + " private, and a page of it is not");
    }
    if (!privates.isEmpty()) {
      return Optional.of(
          "a call made " + range + " shared, and page " + privates.getFirst().start() + " is not");
    }
    List<IndexRange> closed = world.gmem().faultable().gaps(range);
    return closed.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "a call made "
                + range
                + " shared, and host faults on page "
                + closed.getFirst().start()
                + " stay forbidden");
  }

  @Override
  public Optional<String> violation(Memory memory, World world) {
    return ((Seen) memory).violation();
  }
}
