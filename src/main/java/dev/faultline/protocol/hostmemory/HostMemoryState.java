package dev.faultline.protocol.hostmemory;

import dev.faultline.protocol.Part;
import dev.faultline.protocol.Parts;
import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.RangeMap;
import dev.faultline.protocol.message.PartyId;

/** The state of an address space: its mappings. */
public record HostMemoryState(Parts parts) {

  /**
   * A mapping of a gmem file.
   *
   * @param gmem the inode
   * @param offset index of the file minus guest frame number
   */
  public record Mapping(PartyId gmem, long offset) {}

  /** The mappings, by the guest frame that is shown there. */
  record Mappings() implements Part<RangeMap<GfnRange, Mapping>> {
    @Override
    public String family() {
      return "mappings";
    }

    @Override
    public String member() {
      return "";
    }

    @Override
    public RangeMap<GfnRange, Mapping> initial() {
      return RangeMap.empty();
    }
  }

  public RangeMap<GfnRange, Mapping> mappings() {
    return parts.get(new Mappings());
  }

  HostMemoryState withMappings(RangeMap<GfnRange, Mapping> mappings) {
    return new HostMemoryState(parts.with(new Mappings(), mappings));
  }
}
