package dev.faultline.property.expression;

import dev.faultline.protocol.gmem.GmemState;
import dev.faultline.protocol.memory.IndexRange;
import dev.faultline.protocol.memory.PfnRange;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.world.Parties;
import dev.faultline.world.World;
import java.util.ArrayList;
import java.util.List;

/**
 * A file of a world, as a fact about its pages looks at it.
 *
 * @param inode the gmem file, or where shared memory is outside of it, that one
 */
record Sight(World world, PartyId inode) {

  GmemState file() {
    return (GmemState) world.state(inode);
  }

  /** The pages of a range that are still in the file, of frames that someone holds. */
  List<IndexRange> attached(PfnRange frames, IndexRange range) {
    if (!isOfFile(frames)) {
      return List.of();
    }
    List<IndexRange> pages = new ArrayList<>();
    for (IndexRange attached : file().attached(frames)) {
      attached.intersect(range).ifPresent(pages::add);
    }
    return pages;
  }

  /** Frames of the second file lie behind all those of the first. */
  private boolean isOfFile(PfnRange frames) {
    if (!world.setup().sharedElsewhere()) {
      return true;
    }
    long second = ((GmemState) world.state(Parties.SHMEM)).firstPfn();
    return inode.equals(Parties.SHMEM) == (frames.start() >= second);
  }
}
