package dev.faultline.property;

import dev.faultline.protocol.Event;
import dev.faultline.protocol.design.PageState;
import dev.faultline.protocol.gmem.Folio;
import dev.faultline.protocol.gmem.GmemEvent;
import dev.faultline.protocol.memory.IndexRange;
import dev.faultline.protocol.memory.PfnRange;
import dev.faultline.protocol.memory.Run;
import dev.faultline.world.Turn;
import dev.faultline.world.World;
import java.util.List;
import java.util.Optional;

/**
 * I22 of the protocol: a page that leaves the file is shared in the RMP, in no secure EPT, owned by
 * the host at EL2, back in the direct map (kvm_arch_gmem_reclaim). Model: of a VM that is dead
 * because the anchor did not give a page back KVM keeps that page, which is not shown.
 */
public final class FreedPageIsTheHosts implements Property {

  @Override
  public String promise() {
    return "a page that leaves the file is not the guest's at the trust anchor";
  }

  @Override
  public Memory remember(World start) {
    return LastTurn.FINE;
  }

  @Override
  public Memory remember(Memory memory, Turn turn, World before, World after) {
    for (Event event : turn.decision().events()) {
      if (event instanceof GmemEvent.PagesRemoved(IndexRange range)
          && before.kvm().dead().isEmpty()) {
        for (Run<IndexRange, Folio> run : before.gmem().folios(range)) {
          PfnRange frames = before.gmem().frames(run.range(), run.value().generation());
          List<AnchorTable.Kept> kept = AnchorTable.kept(before, frames, PageState::ofGuest);
          if (!kept.isEmpty()) {
            return LastTurn.of(
                Optional.of(
                    "page "
                        + AnchorTable.page(before, kept.getFirst().frames())
                        + " leaves the file and is "
                        + kept.getFirst().state().name()
                        + " at the trust anchor"));
          }
        }
      }
    }
    return LastTurn.FINE;
  }

  @Override
  public Optional<String> violation(Memory memory, World world) {
    return LastTurn.violation(memory);
  }
}
