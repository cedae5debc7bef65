package dev.faultline.protocol.iommu;

import dev.faultline.protocol.Part;
import dev.faultline.protocol.Parts;
import dev.faultline.protocol.PartyState;
import dev.faultline.protocol.Tasks;
import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.PfnRange;
import dev.faultline.protocol.memory.RangeMap;
import dev.faultline.protocol.memory.Run;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.TaskId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The state of an IOMMU domain: translations, and what is under way. */
public record IommuState(Parts parts) implements PartyState {

  /**
   * A translation.
   *
   * @param device whose mapping it is
   * @param mapping the whole of it, as MAP_DMA made it
   * @param offset frame number minus IOVA page
   */
  public record Translation(PartyId device, GfnRange mapping, long offset) {}

  private static final Part<RangeMap<GfnRange, Translation>> TRANSLATIONS =
      Part.of("translations", RangeMap.empty());

  /** What is under way. */
  private static final Tasks<IommuTask> TASKS = new Tasks<>();

  public RangeMap<GfnRange, Translation> translations() {
    return parts.get(TRANSLATIONS);
  }

  public List<TaskId> tasks() {
    return TASKS.ids(parts);
  }

  boolean isUnderWay(TaskId id) {
    return TASKS.isUnderWay(parts, id);
  }

  public Optional<IommuTask> findTask(TaskId id) {
    return TASKS.find(parts, id);
  }

  IommuTask task(TaskId id) {
    return TASKS.get(parts, id);
  }

  /** The frames that translations of a range lead to, in order. */
  List<PfnRange> frames(GfnRange iova) {
    List<PfnRange> frames = new ArrayList<>();
    for (Run<GfnRange, Translation> run : translations().runs(iova)) {
      frames.add(PfnRange.behind(run.range(), run.value().offset()));
    }
    return frames;
  }

  /** Whether a page of a range is mapped, or being mapped. */
  boolean claimed(GfnRange iova) {
    return !translations().runs(iova).isEmpty()
        || tasks().stream()
            .map(this::task)
            .anyMatch(task -> task instanceof IommuTask.Map map && map.iova().overlaps(iova));
  }

  /** A mapping of which only a part lies in a range. */
  Optional<GfnRange> bisected(GfnRange iova) {
    return translations().runs(iova).stream()
        .map(run -> run.value().mapping())
        .filter(mapping -> !iova.contains(mapping))
        .findFirst();
  }

  boolean transferUnderWay(GfnRange iova) {
    return tasks().stream()
        .map(this::task)
        .anyMatch(
            task -> task instanceof IommuTask.Transfer transfer && transfer.iova().overlaps(iova));
  }

  IommuState evolve(IommuEvent event) {
    return switch (event) {
      case IommuEvent.TaskStarted(TaskId id, IommuTask task) ->
          new IommuState(TASKS.start(parts, id, task));
      case IommuEvent.TaskProceeded(TaskId id, IommuTask task) ->
          new IommuState(TASKS.proceed(parts, id, task));
      case IommuEvent.TaskEnded(TaskId id) -> new IommuState(TASKS.end(parts, id));
      case IommuEvent.Mapped(PartyId device, GfnRange iova, List<PfnRange> frames) -> {
        RangeMap<GfnRange, Translation> changed = translations();
        if (!changed.runs(iova).isEmpty()) {
          throw new IllegalStateException("a page of " + iova + " is mapped already");
        }
        long next = iova.start();
        for (PfnRange piece : frames) {
          GfnRange target = new GfnRange(next, next + piece.pageCount());
          changed = changed.with(target, new Translation(device, iova, piece.start() - next));
          next = target.end();
        }
        yield new IommuState(parts.with(TRANSLATIONS, changed));
      }
      case IommuEvent.Unmapped(GfnRange iova) ->
          new IommuState(parts.with(TRANSLATIONS, translations().without(iova)));
    };
  }
}
