package dev.faultline.property;

import dev.faultline.protocol.anchor.Entry;
import dev.faultline.protocol.design.Anchor;
import dev.faultline.protocol.design.HostAnswer;
import dev.faultline.protocol.design.HostUse;
import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.PfnRange;
import dev.faultline.protocol.memory.Run;
import dev.faultline.world.World;
import java.util.Map;
import java.util.Optional;

/**
 * I24 and I29 of the protocol: what the host meets at a page is what the trust anchor keeps of it.
 * In pKVM the pair of owners is one of the legal ones (pkvm_ownership_selftest); with a direct map
 * taken away, an entry is there if and only if the folio is not marked zapped (v9, patch 7). While
 * a call is under way, and while pages are being zapped whose frames come back with that, it may
 * still be as it was.
 */
public final class HostSeesWhatAnchorKeeps implements Property {

  @Override
  public String promise() {
    return "what the host meets at a page is what the trust anchor keeps of it";
  }

  @Override
  public Optional<String> violation(Memory memory, World world) {
    Anchor anchor = AnchorTable.design(world);
    Optional<GfnRange> pending = AnchorTable.state(world).pending().map(call -> call.range());
    for (Run<GfnRange, Entry> run : AnchorTable.state(world).pages().runs(world.setup().ram())) {
      if (pending.filter(range -> range.overlaps(run.range())).isPresent()) {
        continue;
      }
      PfnRange frames = PfnRange.behind(run.range(), run.value().offset());
      boolean closes = !anchor.state(run.value().state()).host().isEmpty();
      if (closes && !world.gmem().guarded().gaps(frames).isEmpty()) {
        PfnRange open = world.gmem().guarded().gaps(frames).getFirst();
        return Optional.of(
            "page "
                + AnchorTable.page(world, open)
                + " is "
                + run.value().state()
                + " at the trust anchor, and open to the host");
      }
    }
    if (pending.isPresent() || world.kvm().inProgress().count() > 0) {
      return Optional.empty();
    }
    for (Run<PfnRange, String> run : world.gmem().guarded().runs(PfnRange.ALL)) {
      Map<HostUse, HostAnswer> meets = anchor.state(run.value()).host();
      boolean kept =
          AnchorTable.kept(world, run.range(), state -> state.host().equals(meets)).stream()
                  .mapToLong(it -> it.frames().pageCount())
                  .sum()
              == run.range().pageCount();
      if (!kept) {
        return Optional.of(
            "page "
                + AnchorTable.page(world, run.range())
                + " is "
                + run.value()
                + " for the host, and the trust anchor keeps it otherwise");
      }
    }
    return Optional.empty();
  }
}
