package dev.faultline.protocol.vmm;

import dev.faultline.protocol.Part;
import dev.faultline.protocol.Parts;
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
public record VmmState(Parts parts) {

  /** The parts. */
  sealed interface VmmPart<T> extends Part<T> {

    @Override
    default String member() {
      return "";
    }

    /** Its own map of attributes. */
    record Views() implements VmmPart<RangeMap<GfnRange, View>> {
      @Override
      public String family() {
        return "views";
      }

      @Override
      public RangeMap<GfnRange, View> initial() {
        return RangeMap.empty();
      }
    }

    /** The pages that a host user holds, as far as the VMM knows. */
    record Holdings(PartyId user) implements VmmPart<RangeSet<GfnRange>> {
      @Override
      public String family() {
        return "holdings";
      }

      @Override
      public String member() {
        return user.name();
      }

      @Override
      public RangeSet<GfnRange> initial() {
        return RangeSet.empty();
      }
    }

    /** What a thread is at. */
    record Task(TaskId id) implements VmmPart<Optional<VmmTask>> {
      @Override
      public String family() {
        return "task";
      }

      @Override
      public String member() {
        return id.toString();
      }

      @Override
      public Optional<VmmTask> initial() {
        return Optional.empty();
      }
    }

    /** Whether it is dead. */
    record Dead() implements VmmPart<Boolean> {
      @Override
      public String family() {
        return "dead";
      }

      @Override
      public Boolean initial() {
        return false;
      }
    }
  }

  private <T> VmmState with(Part<T> part, T value) {
    return new VmmState(parts.with(part, value));
  }

  /** Its own map of attributes: what it recorded of each range of memory. */
  public RangeMap<GfnRange, View> views() {
    return parts.get(new VmmPart.Views());
  }

  VmmState withViews(RangeMap<GfnRange, View> views) {
    return with(new VmmPart.Views(), views);
  }

  public RangeSet<GfnRange> holdings(PartyId user) {
    return parts.get(new VmmPart.Holdings(user));
  }

  /**
   * Host users of a kind that hold pages of a range: devices by DMA, others by registered buffers.
   */
  List<PartyId> holders(GfnRange range) {
    return parts.present(VmmPart.Holdings.class).stream()
        .map(VmmPart.Holdings::user)
        .filter(user -> user.kind() == PartyKind.HOST_IO && holdings(user).overlaps(range))
        .toList();
  }

  public List<TaskId> tasks() {
    return parts.present(VmmPart.Task.class).stream().map(VmmPart.Task::id).toList();
  }

  public Optional<VmmTask> findTask(TaskId id) {
    return parts.get(new VmmPart.Task(id));
  }

  VmmTask task(TaskId id) {
    return findTask(id).orElseThrow(() -> new IllegalStateException("there is no task " + id));
  }

  public boolean dead() {
    return parts.get(new VmmPart.Dead());
  }

  VmmState evolve(VmmEvent event) {
    return switch (event) {
      case VmmEvent.TaskStarted(TaskId id, VmmTask task) -> {
        if (findTask(id).isPresent()) {
          throw new IllegalStateException("task " + id + " started twice");
        }
        yield with(new VmmPart.Task(id), Optional.of(task));
      }
      case VmmEvent.TaskProceeded(TaskId id, VmmTask task) -> {
        task(id);
        yield with(new VmmPart.Task(id), Optional.of(task));
      }
      case VmmEvent.TaskEnded(TaskId id) -> {
        task(id);
        yield with(new VmmPart.Task(id), Optional.<VmmTask>empty());
      }
      case VmmEvent.ViewRecorded(GfnRange range, View view) -> withViews(views().with(range, view));
      case VmmEvent.HoldingAdded(PartyId user, GfnRange range) ->
          with(new VmmPart.Holdings(user), holdings(user).with(range));
      case VmmEvent.HoldingRemoved(PartyId user, GfnRange range) ->
          with(new VmmPart.Holdings(user), holdings(user).without(range));
      case VmmEvent.VcpuStopped _ -> this;
      case VmmEvent.ProcessDied _ -> with(new VmmPart.Dead(), true);
    };
  }
}
