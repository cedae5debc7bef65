package dev.faultline.protocol.anchor;

import dev.faultline.protocol.Chance;
import dev.faultline.protocol.Choice;
import dev.faultline.protocol.Decided;
import dev.faultline.protocol.Decider;
import dev.faultline.protocol.Decision;
import dev.faultline.protocol.Draft;
import dev.faultline.protocol.KeptParts;
import dev.faultline.protocol.Parts;
import dev.faultline.protocol.Stimulus;
import dev.faultline.protocol.design.Mode;
import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.PfnRange;
import dev.faultline.protocol.memory.Run;
import dev.faultline.protocol.message.Access;
import dev.faultline.protocol.message.AnchorToKvm;
import dev.faultline.protocol.message.Endpoint;
import dev.faultline.protocol.message.KvmToAnchor;
import dev.faultline.protocol.message.TaskId;
import dev.faultline.protocol.message.ToAnchor;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** The TDX module (Intel TDX Module Base Specification; arch/x86/kvm/vmx/tdx.c calls it). */
public final class AnchorDecider implements Decider<AnchorState, ToAnchor, AnchorEvent> {

  private final boolean blocksFirst;
  private final List<Chance> open;

  /**
   * @param mode a page has to be blocked before it can be removed if the mode blocks at all
   * @param open what a scenario leaves open
   */
  public AnchorDecider(Mode mode, List<Chance> open) {
    this.blocksFirst = mode.fromGuest().contains(Mode.AnchorCall.BLOCK);
    this.open = List.copyOf(open);
  }

  @Override
  public AnchorState initialState() {
    return new AnchorState(KeptParts.EMPTY);
  }

  @Override
  public AnchorState state(Parts parts) {
    return new AnchorState(parts);
  }

  @Override
  public List<TaskId> movable(AnchorState state) {
    return List.of();
  }

  @Override
  public AnchorState evolve(AnchorState state, AnchorEvent event) {
    return state.evolve(event);
  }

  @Override
  public Decided<AnchorEvent> decide(
      AnchorState state, Stimulus<ToAnchor> stimulus, Predicate<TaskId> taken) {
    return switch (stimulus) {
      case Stimulus.Delivered<ToAnchor>(Endpoint from, TaskId _, KvmToAnchor message) -> {
        Decision<AnchorEvent> usual = answer(state, from, message);
        boolean canBeBusy =
            open.contains(Chance.ANCHOR_BUSY) && !(message instanceof KvmToAnchor.Translate);
        yield canBeBusy
            ? new Choice<>(
                List.of(
                    new Choice.Alternative<>("served", usual),
                    new Choice.Alternative<>(Chance.ANCHOR_BUSY.word(), busy(state, from))))
            : usual;
      }
      case Stimulus.Advanced<ToAnchor>(TaskId task) -> ignored(state, "there is no task " + task);
      case Stimulus.Killed<ToAnchor>() -> ignored(state, "a trust anchor is no process");
    };
  }

  private static Draft<AnchorState, AnchorEvent> draft(AnchorState state) {
    return new Draft<>(state, AnchorState::evolve);
  }

  private static Decision<AnchorEvent> ignored(AnchorState state, String reason) {
    Draft<AnchorState, AnchorEvent> draft = draft(state);
    draft.ignore(reason);
    return draft.decision();
  }

  private static Decision<AnchorEvent> busy(AnchorState state, Endpoint from) {
    Draft<AnchorState, AnchorEvent> draft = draft(state);
    draft.send(TaskId.NONE, from, new AnchorToKvm.Busy());
    return draft.decision();
  }

  private Decision<AnchorEvent> answer(AnchorState state, Endpoint from, KvmToAnchor message) {
    Draft<AnchorState, AnchorEvent> draft = draft(state);
    AnchorToKvm answer =
        switch (message) {
          case KvmToAnchor.Augment(GfnRange range, PfnRange pages) -> augment(draft, range, pages);
          case KvmToAnchor.Block(GfnRange range) -> block(draft, range);
          // Model: KVM calls TRACK only once all vCPUs will have left the guest, so it succeeds.
          case KvmToAnchor.Track() -> new AnchorToKvm.Succeeded();
          case KvmToAnchor.Remove(GfnRange range) -> remove(draft, range);
          case KvmToAnchor.Translate(GfnRange range, Access access) ->
              translate(draft, range, access);
        };
    draft.send(TaskId.NONE, from, answer);
    return draft.decision();
  }

  private static AnchorToKvm augment(
      Draft<AnchorState, AnchorEvent> draft, GfnRange range, PfnRange pages) {
    // Another vCPU may have faulted the same page in: TDX_EPT_ENTRY_STATE_INCORRECT, and KVM finds
    // its mapping there. Only what is absent is given.
    for (GfnRange gap : draft.state().secureEpt().gaps(range)) {
      long offset = pages.start() - range.start();
      draft.happen(new AnchorEvent.Augmented(gap, PfnRange.behind(gap, offset)));
    }
    return new AnchorToKvm.Succeeded();
  }

  /** TDH.MEM.RANGE.BLOCK. Model: a range at once; the module takes an entry. */
  private static AnchorToKvm block(Draft<AnchorState, AnchorEvent> draft, GfnRange range) {
    if (!draft.state().secureEpt().gaps(range).isEmpty()) {
      return new AnchorToKvm.NotPresent(range);
    }
    draft.happen(new AnchorEvent.Blocked(range));
    return new AnchorToKvm.Succeeded();
  }

  /** TDH.MEM.PAGE.REMOVE. Model: a range at once; the module takes a page. */
  private AnchorToKvm remove(Draft<AnchorState, AnchorEvent> draft, GfnRange range) {
    if (!draft.state().secureEpt().gaps(range).isEmpty()) {
      return new AnchorToKvm.NotPresent(range);
    }
    Optional<GfnRange> unblocked =
        draft.state().secureEpt().runs(range).stream()
            .filter(run -> run.value().stage() != Entry.Stage.BLOCKED)
            .map(Run::range)
            .findFirst();
    if (blocksFirst && unblocked.isPresent()) {
      return new AnchorToKvm.NotBlocked(unblocked.get());
    }
    List<PfnRange> frames = draft.state().frames(range);
    draft.happen(new AnchorEvent.Removed(range));
    return new AnchorToKvm.Removed(frames);
  }

  private static AnchorToKvm translate(
      Draft<AnchorState, AnchorEvent> draft, GfnRange range, Access access) {
    List<Run<GfnRange, Entry>> runs = draft.state().secureEpt().runs(range);
    boolean whole = draft.state().secureEpt().gaps(range).isEmpty();
    if (!whole || runs.stream().anyMatch(run -> run.value().stage() == Entry.Stage.BLOCKED)) {
      return new AnchorToKvm.NotPresent(range);
    }
    boolean accept =
        switch (access) {
          case Access.Accept() -> true;
          case Access.Load(), Access.Store _ -> false;
        };
    Entry.Stage wanted = accept ? Entry.Stage.PENDING : Entry.Stage.ACCEPTED;
    for (Run<GfnRange, Entry> run : runs) {
      if (run.value().stage() != wanted) {
        return accept
            ? new AnchorToKvm.AlreadyAccepted(run.range())
            : new AnchorToKvm.NotAccepted(run.range());
      }
    }
    if (accept) {
      draft.happen(new AnchorEvent.Accepted(range));
    }
    return new AnchorToKvm.Translated(draft.state().frames(range).getFirst());
  }
}
