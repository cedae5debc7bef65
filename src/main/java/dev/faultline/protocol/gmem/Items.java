package dev.faultline.protocol.gmem;

import dev.faultline.protocol.Draft;
import dev.faultline.protocol.memory.IndexRange;
import dev.faultline.protocol.memory.Run;
import dev.faultline.protocol.message.TaskId;
import dev.faultline.protocol.message.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The work list of a conversion: the runs of its range that are not as wanted. */
final class Items {

  private Items() {}

  static Work.Conversion conversion(GmemTask task) {
    if (task.work() instanceof Work.Conversion conversion) {
      return conversion;
    }
    throw new IllegalStateException("no conversion: " + task);
  }

  static Flow list(Draft<GmemState, GmemEvent> draft, TaskId id, GmemTask task) {
    Work.Conversion conversion = conversion(task);
    List<IndexRange> items =
        draft.state().attributes().runs(conversion.range()).stream()
            .filter(run -> run.value() != conversion.target())
            .map(Run::range)
            .toList();
    GmemTasks.proceed(
        draft,
        id,
        task.with(
            new Work.Conversion(
                conversion.range(),
                conversion.target(),
                conversion.awaiting(),
                Optional.of(items))));
    return Flow.NEXT;
  }

  /** Stores the first of the items, as many as are told. */
  static Flow store(Draft<GmemState, GmemEvent> draft, GmemTask task, int count) {
    for (IndexRange item : task.work().pieces().subList(0, count)) {
      draft.happen(new GmemEvent.AttributesStored(item, conversion(task).target()));
    }
    return Flow.NEXT;
  }

  static Flow rollBack(Draft<GmemState, GmemEvent> draft, GmemTask task) {
    View target = conversion(task).target();
    stored(draft.state(), task)
        .forEach(item -> draft.happen(new GmemEvent.AttributesStored(item, target.other())));
    return Flow.NEXT;
  }

  /** The items that have been stored. */
  static List<IndexRange> stored(GmemState state, GmemTask task) {
    List<IndexRange> stored = new ArrayList<>();
    for (IndexRange item : task.work().pieces()) {
      if (state.attributes().isAll(item, conversion(task).target())) {
        stored.add(item);
      }
    }
    return stored;
  }
}
