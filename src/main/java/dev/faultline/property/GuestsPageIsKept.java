package dev.faultline.property;

import dev.faultline.protocol.design.Anchor;
import dev.faultline.protocol.design.Moment;
import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.IndexRange;
import dev.faultline.protocol.memory.PfnRange;
import dev.faultline.protocol.memory.Run;
import dev.faultline.protocol.message.View;
import dev.faultline.world.World;
import java.util.Optional;

/**
 * A private page that the guest has mapped is one that the trust anchor keeps, where the mode has
 * one: in no direct map, assigned in the RMP, donated at EL2 (review of direct map removal v9,
 * 2026-01-15).
 */
public final class GuestsPageIsKept implements Property {

  @Override
  public String promise() {
    return "a private page that the guest has mapped is kept by the trust anchor";
  }

  @Override
  public Optional<String> violation(Memory memory, World world) {
    Anchor anchor = AnchorTable.design(world);
    if (!anchor.acts(Moment.GET_PRIVATE) && !anchor.checks(View.PRIVATE)) {
      return Optional.empty();
    }
    for (Run<GfnRange, Long> run : world.kvm().mmu(View.PRIVATE).runs(world.setup().ram())) {
      PfnRange frames = PfnRange.behind(run.range(), run.value());
      long kept =
          AnchorTable.kept(world, frames, _ -> true).stream()
              .mapToLong(it -> it.frames().pageCount())
              .sum();
      IndexRange pages = new IndexRange(run.range().start(), run.range().end());
      if (kept < frames.pageCount()) {
        return Optional.of(
            "a page of " + pages + " is the guest's, and the trust anchor does not keep it");
      }
    }
    return Optional.empty();
  }
}
