package dev.faultline.protocol.hostmemory;

import dev.faultline.protocol.Part;
import dev.faultline.protocol.Parts;
import dev.faultline.protocol.PartyState;
import dev.faultline.protocol.Tasks;
import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.RangeMap;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.TaskId;
import java.util.List;
import java.util.Optional;

/** The state of an address space: its mappings. */
public record HostMemoryState(Parts parts) implements PartyState {

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

  /** What is being unmapped. */
  private static final Tasks<Unmapping> TASKS = new Tasks<>();

  public RangeMap<GfnRange, Mapping> mappings() {
    return parts.get(MAPPINGS);
  }

  List<TaskId> tasks() {
    return TASKS.ids(parts);
  }

  boolean isUnderWay(TaskId id) {
    return TASKS.isUnderWay(parts, id);
  }

  Optional<Unmapping> findTask(TaskId id) {
    return TASKS.find(parts, id);
  }

  HostMemoryState evolve(HostMemoryEvent event) {
    return switch (event) {
      case HostMemoryEvent.UnmapStarted(TaskId id, Unmapping unmapping) ->
          new HostMemoryState(TASKS.start(parts, id, unmapping));
      case HostMemoryEvent.UnmapEnded(TaskId id) -> new HostMemoryState(TASKS.end(parts, id));
      case HostMemoryEvent.AllUnmapped() -> withMappings(RangeMap.empty());
    };
  }

  HostMemoryState withMappings(RangeMap<GfnRange, Mapping> mappings) {
    return new HostMemoryState(parts.with(MAPPINGS, mappings));
  }
}
