package dev.faultline.property;

import dev.faultline.protocol.memory.IndexRange;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.world.World;
import java.util.List;
import java.util.Optional;

/** I01 of the protocol: no host page table has a private page (cover letter of v8). */
public final class PrivatePageIsNeverHostMapped implements Property {

  @Override
  public String promise() {
    return "a private page is in no host page table";
  }

  @Override
  public Optional<String> violation(Memory memory, World world) {
    for (PartyId mapper : world.gmem().mappers()) {
      for (var run :
          world.gmem().pageTable(mapper).runs(new IndexRange(0, world.setup().pageCount()))) {
        List<IndexRange> privates = Views.closedToHost(world, run.range());
        if (!privates.isEmpty()) {
          return Optional.of("page " + privates.getFirst() + " is private and mapped by " + mapper);
        }
      }
    }
    return Optional.empty();
  }
}
