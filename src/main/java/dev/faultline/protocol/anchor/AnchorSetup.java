package dev.faultline.protocol.anchor;

import dev.faultline.protocol.Chance;
import dev.faultline.protocol.design.Mode;
import dev.faultline.protocol.memory.PfnRange;
import dev.faultline.protocol.message.PartyId;
import java.util.List;

/**
 * What is fixed about a trust anchor for the life of a world.
 *
 * @param mode what it does
 * @param inodes where frames lie
 * @param open what may happen besides the usual
 */
public record AnchorSetup(Mode mode, List<Inode> inodes, List<Chance> open) {

  public AnchorSetup {
    inodes = List.copyOf(inodes);
    open = List.copyOf(open);
  }

  /** An inode and its frames. */
  public record Inode(PartyId gmem, PfnRange frames) {}

  /** The inode that frames belong to. */
  PartyId owner(PfnRange frames) {
    return inodes.stream()
        .filter(inode -> inode.frames().contains(frames))
        .map(Inode::gmem)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no inode has frames " + frames));
  }

  boolean knows(PfnRange frames) {
    return inodes.stream().anyMatch(inode -> inode.frames().contains(frames));
  }
}
