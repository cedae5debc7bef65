package dev.faultline.property;

import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.IndexRange;
import dev.faultline.protocol.memory.Run;
import dev.faultline.protocol.message.View;
import dev.faultline.world.World;
import java.util.List;
import java.util.Optional;

/** I06 of the protocol: no guest mapping of the old kind outlives a change of the attribute. */
public final class GuestMappingMatchesAttribute implements Property {

  @Override
  public String promise() {
    return "a guest mapping is of the kind that the attribute says";
  }

  @Override
  public Optional<String> violation(Memory memory, World world) {
    GfnRange ram = world.setup().ram();
    for (Run<GfnRange, Long> run : world.kvm().mmu(View.SHARED).runs(ram)) {
      List<IndexRange> privates = Views.privates(world, indices(run.range()));
      if (!privates.isEmpty()) {
        return Optional.of("page " + privates.getFirst() + " is private and mapped as shared");
      }
    }
    for (Run<GfnRange, Long> run : world.kvm().mmu(View.PRIVATE).runs(ram)) {
      List<IndexRange> privates = Views.privates(world, indices(run.range()));
      long covered = privates.stream().mapToLong(IndexRange::pageCount).sum();
      if (covered < run.range().pageCount()) {
        return Optional.of("a page of " + run.range() + " is shared and mapped as private");
      }
    }
    return Optional.empty();
  }

  private static IndexRange indices(GfnRange range) {
    return new IndexRange(range.start(), range.end());
  }
}
