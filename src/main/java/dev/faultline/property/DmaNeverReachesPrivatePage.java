package dev.faultline.property;

import dev.faultline.protocol.memory.IndexRange;
import dev.faultline.world.Holders;
import dev.faultline.world.World;
import java.util.List;
import java.util.Optional;

/** I30 of the protocol: an IOMMU mapping is gone before its page becomes private. */
public final class DmaNeverReachesPrivatePage implements Property {

  @Override
  public String promise() {
    return "no DMA mapping reaches a private page, in a mode without trusted I/O";
  }

  @Override
  public Optional<String> violation(Memory memory, World world) {
    if (world.setup().mode().trustedIo()) {
      return Optional.empty();
    }
    IndexRange whole = new IndexRange(0, world.setup().pageCount());
    for (Holders.Holder holder : Holders.confirmed(world, whole)) {
      List<IndexRange> privates =
          holder.how() == Holders.How.DMA_MAPPED
              ? Views.closedToHost(world, holder.range())
              : List.of();
      if (!privates.isEmpty()) {
        return Optional.of(
            "page " + privates.getFirst() + " is private and mapped for DMA by " + holder.who());
      }
    }
    return Optional.empty();
  }
}
