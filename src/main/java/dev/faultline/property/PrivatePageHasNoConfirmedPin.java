package dev.faultline.property;

import dev.faultline.protocol.memory.IndexRange;
import dev.faultline.world.Holders;
import dev.faultline.world.World;
import java.util.List;
import java.util.Optional;

/**
 * I18 of the protocol: a pin that may be used to reach the bytes is never on a private page (thread
 * of 2024-10). A reference that is put again without touching them is allowed.
 */
public final class PrivatePageHasNoConfirmedPin implements Property {

  @Override
  public String promise() {
    return "a private page has no confirmed pin";
  }

  @Override
  public Optional<String> violation(Memory memory, World world) {
    IndexRange whole = new IndexRange(0, world.setup().pageCount());
    for (Holders.Holder holder : Holders.confirmed(world, whole)) {
      List<IndexRange> privates = Views.closedToHost(world, holder.range());
      if (!privates.isEmpty()) {
        return Optional.of(
            "page " + privates.getFirst() + " is private and pinned by " + holder.who());
      }
    }
    return Optional.empty();
  }
}
