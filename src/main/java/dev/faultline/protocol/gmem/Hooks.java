package dev.faultline.protocol.gmem;

import dev.faultline.protocol.Draft;
import dev.faultline.protocol.design.Anchor;
import dev.faultline.protocol.design.AnchorInstruction;
import dev.faultline.protocol.design.Moment;
import dev.faultline.protocol.design.Operation;
import dev.faultline.protocol.design.Revision;
import dev.faultline.protocol.design.Site;
import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.IndexRange;
import dev.faultline.protocol.memory.PfnRange;
import dev.faultline.protocol.message.Endpoint;
import dev.faultline.protocol.message.GmemToAnchor;
import dev.faultline.protocol.message.TaskId;
import dev.faultline.protocol.message.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Where an operation of the inode tells the platform about its pages: the act tell-anchor. */
final class Hooks {

  private final Revision revision;
  private final GmemSetup setup;

  Hooks(Revision revision, GmemSetup setup) {
    this.revision = revision;
    this.setup = setup;
  }

  /** What is told, and about which pages. */
  private record Told(AnchorInstruction instruction, IndexRange range, List<PfnRange> frames) {}

  Flow tell(Draft<GmemState, GmemEvent> draft, TaskId id, GmemTask task) {
    Optional<Told> told = told(draft.state(), task);
    if (told.isEmpty()) {
      return Flow.NEXT;
    }
    IndexRange range = told.get().range();
    draft.send(
        id,
        Endpoint.of(setup.platform().orElseThrow().anchor()),
        new GmemToAnchor.Instruct(
            told.get().instruction().name(),
            new GfnRange(range.start(), range.end()),
            told.get().frames()));
    return new Flow.Wait();
  }

  boolean ignoresRefusal(GmemState state, GmemTask task) {
    return setup
        .platform()
        .filter(it -> it.mode().anchor().ignored().contains(moment(state, task)))
        .isPresent();
  }

  private Optional<Told> told(GmemState state, GmemTask task) {
    if (setup.platform().isEmpty() || task.operation().moments().isEmpty()) {
      return Optional.empty();
    }
    Anchor anchor = setup.platform().get().mode().anchor();
    List<AnchorInstruction> instructions = anchor.at(moment(state, task));
    if (instructions.isEmpty()) {
      return Optional.empty();
    }
    AnchorInstruction instruction = instructions.getFirst();
    IndexRange range = task.work().range();
    return switch (task.operation()) {
      case GET_PAGE -> {
        IndexRange alike = alike(state, range).getFirst();
        yield Optional.of(new Told(instruction, alike, of(state, task, alike)));
      }
      case HOST_FAULT -> Optional.of(new Told(instruction, range, of(state, task, range)));
      // Only a page with a folio can be anything but the host's.
      case CONVERT_TO_PRIVATE, CONVERT_TO_SHARED, AGREE_TO_PRIVATE, AGREE_TO_SHARED, PUNCH_HOLE ->
          state.folios(range).isEmpty()
              ? Optional.empty()
              : Optional.of(new Told(instruction, range, List.of()));
      case CANCEL_CONVERSION,
          GET_USER_PAGES,
          GET_USER_PAGES_FAST,
          ALLOCATE,
          QUERY_MAPPABLE,
          LAST_PUT,
          GUEST_FAULT ->
          Optional.empty();
    };
  }

  private Moment moment(GmemState state, GmemTask task) {
    List<Moment> moments = task.operation().moments();
    return task.operation() == Operation.GET_PAGE
        ? isPrivate(state, alike(state, task.work().range()).getFirst())
            ? Moment.GET_PRIVATE
            : Moment.GET_SHARED
        : moments.getFirst();
  }

  /**
   * The pages of a range as far as they have the same attribute. Where attributes are the VM's, KVM
   * asks the file for private pages only, or has no others.
   */
  private List<IndexRange> alike(GmemState state, IndexRange range) {
    return revision.attributes() == Site.GMEM
        ? state.attributes().runs(range).stream().map(run -> run.range()).toList()
        : List.of(range);
  }

  private boolean isPrivate(GmemState state, IndexRange alike) {
    return revision.attributes() == Site.GMEM
        ? state.attributes().isAll(alike, View.PRIVATE)
        : setup.privateMemory();
  }

  /** The frames of a part of what a task holds. */
  private static List<PfnRange> of(GmemState state, GmemTask task, IndexRange part) {
    List<PfnRange> frames = new ArrayList<>();
    for (PfnRange piece : GmemActs.held(task.work())) {
      int generation = state.generation(piece);
      state
          .indices(piece)
          .intersect(part)
          .ifPresent(both -> Frames.append(frames, state.frames(both, generation)));
    }
    return frames;
  }
}
