package dev.faultline.property;

import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.IndexRange;
import dev.faultline.protocol.memory.RangeSet;
import dev.faultline.protocol.memory.Run;
import dev.faultline.protocol.message.View;
import dev.faultline.world.World;
import java.util.Optional;

/**
 * I06 of the protocol: no guest mapping of the old kind outlives a change of the attribute. While
 * the conversion is under way the old one may be there still; but not once a guest fault has
 * completed with the new attribute, so never beside one of the new kind.
 */
public final class GuestMappingMatchesAttribute implements Property {

  @Override
  public String promise() {
    return "a guest mapping is of the kind that the attribute says, and alone";
  }

  @Override
  public Optional<String> violation(Memory memory, World world) {
    GfnRange ram = world.setup().ram();
    for (Run<GfnRange, Long> run : world.kvm().mmu(View.SHARED).runs(ram)) {
      Optional<IndexRange> wrong =
          Views.privates(world, indices(run.range())).stream()
              .filter(range -> isWrong(world, range, View.SHARED))
              .findFirst();
      if (wrong.isPresent()) {
        return Optional.of("page " + wrong.get() + " is private and mapped as shared");
      }
    }
    for (Run<GfnRange, Long> run : world.kvm().mmu(View.PRIVATE).runs(ram)) {
      RangeSet<IndexRange> privates = RangeSet.empty();
      for (IndexRange range : Views.privates(world, indices(run.range()))) {
        privates = privates.with(range);
      }
      Optional<IndexRange> wrong =
          privates.gaps(indices(run.range())).stream()
              .filter(range -> isWrong(world, range, View.PRIVATE))
              .findFirst();
      if (wrong.isPresent()) {
        return Optional.of("page " + wrong.get() + " is shared and mapped as private");
      }
    }
    return Optional.empty();
  }

  /** Whether a mapping of the other kind than the attribute cannot be there any more. */
  private static boolean isWrong(World world, IndexRange pages, View mapped) {
    GfnRange frames = new GfnRange(pages.start(), pages.end());
    return !Conversions.isUnderWay(world, pages)
        || !world.kvm().mmu(mapped.other()).runs(frames).isEmpty();
  }

  private static IndexRange indices(GfnRange range) {
    return new IndexRange(range.start(), range.end());
  }
}
