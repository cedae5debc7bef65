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
  private static final Part<RangeMap<GfnRange, Mapping>> MAPPINGS =
      Part.of("mappings", RangeMap.empty());

  public RangeMap<GfnRange, Mapping> mappings() {
    return parts.get(MAPPINGS);
  }

  HostMemoryState withMappings(RangeMap<GfnRange, Mapping> mappings) {
    return new HostMemoryState(parts.with(MAPPINGS, mappings));
  }
}
