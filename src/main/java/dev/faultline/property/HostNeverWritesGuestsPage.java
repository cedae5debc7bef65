package dev.faultline.property;

import dev.faultline.protocol.Event;
import dev.faultline.protocol.gmem.GmemEvent;
import dev.faultline.protocol.memory.PfnRange;
import dev.faultline.protocol.message.KvmToGmem;
import dev.faultline.world.Parties;
import dev.faultline.world.Turn;
import dev.faultline.world.World;
import java.util.List;
import java.util.Optional;

/**
 * I23 of the protocol: a page that is the guest's at the trust anchor, and not lent, is never
 * written by the host: neither by a store nor by being zeroed (RMP violation; in TDX a later
 * machine check). A write is in time until whoever gives the page to the guest is answered.
 */
public final class HostNeverWritesGuestsPage implements Property {

  @Override
  public String promise() {
    return "the host writes to no page that the trust anchor keeps for the guest";
  }

  @Override
  public Memory remember(World start) {
    return LastTurn.FINE;
  }

  @Override
  public Memory remember(Memory memory, Turn turn, World before, World after) {
    // The guest's own bytes come by KVM.
    boolean ofGuest = turn.message().filter(it -> it instanceof KvmToGmem.Transfer).isPresent();
    if (!turn.party().equals(Parties.GMEM) || ofGuest) {
      return LastTurn.FINE;
    }
    for (Event event : turn.decision().events()) {
      List<PfnRange> written =
          switch (event) {
            case GmemEvent.BytesWritten(PfnRange frames, int _) -> List.of(frames);
            case GmemEvent.FoliosZeroed(List<PfnRange> frames) -> frames;
            // No other event of the inode writes. Java closes a list of types within a package.
            default -> List.of();
          };
      for (PfnRange frames : written) {
        List<AnchorTable.Kept> kept =
            AnchorTable.kept(before, frames, state -> state.ofGuest() && !state.lent());
        if (!kept.isEmpty() && !AnchorTable.isPending(before, frames)) {
          return LastTurn.of(
              Optional.of(
                  "page "
                      + AnchorTable.page(before, kept.getFirst().frames())
                      + " is "
                      + kept.getFirst().state().name()
                      + " at the trust anchor, and the host writes to it"));
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
