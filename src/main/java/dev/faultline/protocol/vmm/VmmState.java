package dev.faultline.protocol.vmm;

import dev.faultline.protocol.Family;
import dev.faultline.protocol.Part;
import dev.faultline.protocol.Parts;
import dev.faultline.protocol.PartyState;
import dev.faultline.protocol.Tasks;
import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.RangeMap;
import dev.faultline.protocol.memory.RangeSet;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.PartyKind;
import dev.faultline.protocol.message.TaskId;
import dev.faultline.protocol.message.View;
import java.util.List;
import java.util.Optional;

/** The state of a VMM: named access to its parts, and what each event changes. */
public record VmmState(Parts parts) implements PartyState {

  /** Its own map of attributes. */
  private static final Part<RangeMap<GfnRange, View>> VIEWS = Part.of("views", RangeMap.empty());

  /** The pages that each host user holds, as far as the VMM knows. */
  private static final Family<PartyId, RangeSet<GfnRange>> HOLDINGS =
      new Family<>("holdings", RangeSet.empty(), PartyId::name);

  /** What its threads are at. */
  private static final Tasks<VmmTask> TASKS = new Tasks<>();

  /** Whether it is dead. */
  private static final Part<Boolean> DEAD = Part.of("dead", false);

  private <T> VmmState with(Part<T> part, T value) {
    return new VmmState(parts.with(part, value));
  }

  /** Its own map of attributes: what it recorded of each range of memory. */
  public RangeMap<GfnRange, View> views() {
    return parts.get(VIEWS);
  }

  VmmState withViews(RangeMap<GfnRange, View> views) {
    return with(VIEWS, views);
  }

  public RangeSet<GfnRange> holdings(PartyId user) {
    return parts.get(HOLDINGS.of(user));
  }

  /**
   * Host users of a kind that hold pages of a range: devices by DMA, others by registered buffers.
   */
  List<PartyId> holders(GfnRange range) {
    return parts.keys(HOLDINGS).stream()
        .filter(user -> user.kind() == PartyKind.HOST_IO && holdings(user).overlaps(range))
        .toList();
  }

  public List<TaskId> tasks() {
    return TASKS.ids(parts);
  }

  boolean isUnderWay(TaskId id) {
    return TASKS.isUnderWay(parts, id);
  }

  public Optional<VmmTask> findTask(TaskId id) {
    return TASKS.find(parts, id);
  }

  VmmTask task(TaskId id) {
    return TASKS.get(parts, id);
  }

  public boolean dead() {
    return parts.get(DEAD);
  }

  VmmState evolve(VmmEvent event) {
    return switch (event) {
      case VmmEvent.TaskStarted(TaskId id, VmmTask task) ->
          new VmmState(TASKS.start(parts, id, task));
      case VmmEvent.TaskProceeded(TaskId id, VmmTask task) ->
          new VmmState(TASKS.proceed(parts, id, task));
      case VmmEvent.TaskEnded(TaskId id) -> new VmmState(TASKS.end(parts, id));
      case VmmEvent.ViewRecorded(GfnRange range, View view) -> withViews(views().with(range, view));
      case VmmEvent.HoldingAdded(PartyId user, GfnRange range) ->
          with(HOLDINGS.of(user), holdings(user).with(range));
      case VmmEvent.HoldingRemoved(PartyId user, GfnRange range) ->
          with(HOLDINGS.of(user), holdings(user).without(range));
      case VmmEvent.VcpuStopped _ -> this;
      case VmmEvent.ProcessDied _ -> with(DEAD, true);
    };
  }
}
