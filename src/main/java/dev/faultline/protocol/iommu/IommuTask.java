package dev.faultline.protocol.iommu;

import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.PfnRange;
import dev.faultline.protocol.message.Endpoint;
import dev.faultline.protocol.message.PartyId;
import java.util.List;

/** Something under way in an IOMMU domain. */
public sealed interface IommuTask {

  Endpoint caller();

  /** MAP_DMA waits for its pages. */
  record Map(Endpoint caller, PartyId device, GfnRange iova) implements IommuTask {}

  /**
   * UNMAP_DMA waits: for transfers under way, then for its pages to be unpinned.
   *
   * @param frames what is to be unpinned
   * @param unpinning transfers are done
   */
  record Unmap(Endpoint caller, GfnRange iova, List<PfnRange> frames, boolean unpinning)
      implements IommuTask {
    public Unmap {
      frames = List.copyOf(frames);
    }
  }

  /** A transfer that found its translation. */
  record Transfer(Endpoint caller, GfnRange iova) implements IommuTask {}
}
