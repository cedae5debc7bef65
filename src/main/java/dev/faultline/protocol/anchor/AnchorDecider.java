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
import dev.faultline.protocol.design.Anchor;
import dev.faultline.protocol.design.AnchorInstruction;
import dev.faultline.protocol.design.GuestAnswer;
import dev.faultline.protocol.design.Moment;
import dev.faultline.protocol.design.PageState;
import dev.faultline.protocol.memory.Errno;
import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.PfnRange;
import dev.faultline.protocol.memory.Run;
import dev.faultline.protocol.message.Access;
import dev.faultline.protocol.message.AnchorToGmem;
import dev.faultline.protocol.message.AnchorToKvm;
import dev.faultline.protocol.message.Content;
import dev.faultline.protocol.message.Endpoint;
import dev.faultline.protocol.message.GmemToAnchor;
import dev.faultline.protocol.message.KvmToAnchor;
import dev.faultline.protocol.message.Message;
import dev.faultline.protocol.message.TaskId;
import dev.faultline.protocol.message.ToAnchor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What keeps a guest's pages from the host: the TDX module, SNP's RMP, pKVM's EL2, the direct map.
 * It does what the mode's table says, and one call after the other as far as they change what the
 * host may do: in pKVM each takes the host's lock, then the guest's.
 */
public final class AnchorDecider implements Decider<AnchorState, ToAnchor, AnchorEvent> {

  private final Anchor anchor;
  private final AnchorSetup setup;

  public AnchorDecider(AnchorSetup setup) {
    this.anchor = setup.mode().anchor();
    this.setup = setup;
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
      case Stimulus.Delivered<ToAnchor>(Endpoint from, TaskId _, ToAnchor message) ->
          delivered(state, from, message);
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

  private Decided<AnchorEvent> delivered(AnchorState state, Endpoint from, ToAnchor message) {
    Draft<AnchorState, AnchorEvent> draft = draft(state);
    if (message instanceof GmemToAnchor.Guarded) {
      guarded(draft);
      return draft.decision();
    }
    if (state.pending().isPresent() && changesTable(message)) {
      draft.happen(new AnchorEvent.CallQueued(new Call(from, message)));
      return draft.decision();
    }
    serve(draft, from, message);
    Optional<Choice.Alternative<AnchorEvent>> otherwise =
        instruction(message).flatMap(known -> failure(state, from, message, known));
    return otherwise.isPresent()
        ? new Choice<>(
            List.of(new Choice.Alternative<>("served", draft.decision()), otherwise.get()))
        : draft.decision();
  }

  private static boolean changesTable(ToAnchor message) {
    return switch (message) {
      case KvmToAnchor.Translate translate -> translate.access() instanceof Access.Instruct;
      case KvmToAnchor.Instruct _,
          GmemToAnchor.Instruct _,
          GmemToAnchor.KernelAccess _,
          GmemToAnchor.Guarded _ ->
          true;
    };
  }

  /** What the kernel, not the guest, tells it to do. */
  private Optional<AnchorInstruction> instruction(ToAnchor message) {
    return switch (message) {
      case KvmToAnchor.Instruct told -> anchor.find(told.instruction());
      case GmemToAnchor.Instruct told -> anchor.find(told.instruction());
      case KvmToAnchor.Translate _, GmemToAnchor.KernelAccess _, GmemToAnchor.Guarded _ ->
          Optional.empty();
    };
  }

  /** What else may become of an instruction, where the scenario leaves that open. */
  private Optional<Choice.Alternative<AnchorEvent>> failure(
      AnchorState state, Endpoint from, ToAnchor message, AnchorInstruction instruction) {
    Draft<AnchorState, AnchorEvent> draft = draft(state);
    boolean ofKvm = message instanceof KvmToAnchor;
    if (instruction.mayBeBusy() && ofKvm && setup.open().contains(Chance.ANCHOR_BUSY)) {
      answer(draft, from, new AnchorToKvm.Busy());
      return Optional.of(new Choice.Alternative<>(Chance.ANCHOR_BUSY.word(), draft.decision()));
    }
    if (instruction.mayFail().isEmpty()) {
      return Optional.empty();
    }
    Errno errno = instruction.mayFail().get();
    Chance chance = errno == Errno.ENOMEM ? Chance.ALLOCATION_FAILS : Chance.ANCHOR_BUSY;
    if (!setup.open().contains(chance)) {
      return Optional.empty();
    }
    GfnRange range = range(message);
    draft.refuse(errno, instruction.says() + " of " + range + " fails");
    String state0 = state.runs(range).getFirst().value().state();
    answer(
        draft,
        from,
        ofKvm
            ? new AnchorToKvm.Refused(errno, range, state0)
            : new AnchorToGmem.Refused(errno, range, state0));
    return Optional.of(new Choice.Alternative<>(chance.word(), draft.decision()));
  }

  private static GfnRange range(ToAnchor message) {
    return switch (message) {
      case KvmToAnchor.Instruct told -> told.range();
      case KvmToAnchor.Translate translate -> translate.range();
      case GmemToAnchor.Instruct told -> told.range();
      case GmemToAnchor.KernelAccess touched -> touched.range();
      case GmemToAnchor.Guarded _ -> throw new IllegalStateException("an answer has no range");
    };
  }

  // Calls.

  private void serve(Draft<AnchorState, AnchorEvent> draft, Endpoint from, ToAnchor message) {
    switch (message) {
      case KvmToAnchor.Instruct(String name, GfnRange range, List<PfnRange> frames) ->
          instructed(draft, from, name, range, frames);
      case KvmToAnchor.Translate(GfnRange range, Access.Instruct(String name, Content _)) ->
          guestInstructs(draft, from, name, range);
      case KvmToAnchor.Translate(GfnRange range, Access _) ->
          answer(draft, from, translate(draft.state(), range));
      case GmemToAnchor.Instruct(String name, GfnRange range, List<PfnRange> frames) ->
          instructedByInode(draft, from, name, range, frames);
      case GmemToAnchor.KernelAccess touched -> kernelAccess(draft, from, touched);
      case GmemToAnchor.Guarded() -> guarded(draft);
    }
  }

  private Moves moves(
      Draft<AnchorState, AnchorEvent> draft,
      String name,
      GfnRange range,
      List<PfnRange> frames,
      boolean byGuest) {
    return anchor
        .find(name)
        .filter(_ -> frames.stream().allMatch(setup::knows))
        .map(known -> Moves.of(anchor, draft.state(), known, range, frames, byGuest))
        .orElse(new Moves.Refused(Errno.EOPNOTSUPP, range, "not for " + name));
  }

  private void instructed(
      Draft<AnchorState, AnchorEvent> draft,
      Endpoint from,
      String name,
      GfnRange range,
      List<PfnRange> frames) {
    switch (moves(draft, name, range, frames, false)) {
      case Moves.All(List<Moves.Move> moves) -> {
        move(draft, name, moves);
        List<PfnRange> destroyed = new ArrayList<>();
        List<Moves.Move> guarded = new ArrayList<>();
        for (Moves.Move move : moves) {
          // KVM brings the inode word of what is destroyed, and with it the frames are the host's.
          if (move.content() != Content.KEEP && move.to().equals(PageState.ABSENT)) {
            AnchorState.append(destroyed, move.frames());
          } else {
            guarded.add(move);
          }
        }
        AnchorToKvm answer =
            destroyed.isEmpty() ? new AnchorToKvm.Succeeded() : new AnchorToKvm.Removed(destroyed);
        guard(draft, from, answer, range, guarded);
      }
      case Moves.Refused(Errno errno, GfnRange at, String state) -> {
        draft.refuse(errno, reason(name, at, state));
        answer(draft, from, new AnchorToKvm.Refused(errno, at, state));
      }
      case Moves.Faults(GfnRange at) -> answer(draft, from, new AnchorToKvm.NotPresent(at));
    }
  }

  private void guestInstructs(
      Draft<AnchorState, AnchorEvent> draft, Endpoint from, String name, GfnRange range) {
    switch (moves(draft, name, range, List.of(), true)) {
      case Moves.All(List<Moves.Move> moves) -> {
        move(draft, name, moves);
        List<PfnRange> frames = draft.state().frames(range);
        if (frames.isEmpty()) {
          // An instruction that leaves a page of the host as it is has no bytes to work on.
          answer(draft, from, new AnchorToKvm.Succeeded());
        } else {
          guard(draft, from, new AnchorToKvm.Translated(frames.getFirst()), range, moves);
        }
      }
      case Moves.Refused(Errno errno, GfnRange at, String state) -> {
        draft.refuse(errno, reason(name, at, state));
        Errno told = anchor.find(name).flatMap(AnchorInstruction::told).orElse(errno);
        answer(draft, from, new AnchorToKvm.Refused(told, at, state));
      }
      case Moves.Faults(GfnRange at) -> answer(draft, from, new AnchorToKvm.NotPresent(at));
    }
  }

  private void instructedByInode(
      Draft<AnchorState, AnchorEvent> draft,
      Endpoint from,
      String name,
      GfnRange range,
      List<PfnRange> frames) {
    switch (moves(draft, name, range, frames, false)) {
      case Moves.All(List<Moves.Move> moves) -> {
        move(draft, name, moves);
        guard(draft, from, new AnchorToGmem.Done(), range, moves);
      }
      case Moves.Refused(Errno errno, GfnRange at, String state) -> {
        draft.refuse(errno, reason(name, at, state));
        answer(draft, from, new AnchorToGmem.Refused(errno, at, state));
      }
      case Moves.Faults(GfnRange _) ->
          throw new IllegalStateException("the kernel does not fault by " + name);
    }
  }

  private void kernelAccess(
      Draft<AnchorState, AnchorEvent> draft, Endpoint from, GmemToAnchor.KernelAccess touched) {
    List<AnchorInstruction> instructions = anchor.at(Moment.KERNEL_ACCESS);
    Moves moves =
        instructions.isEmpty()
            ? new Moves.Refused(Errno.EPERM, touched.range(), "not to be had")
            : moves(draft, instructions.getFirst().name(), touched.range(), List.of(), false);
    Optional<Errno> refused = Optional.empty();
    List<Moves.Move> done = List.of();
    switch (moves) {
      case Moves.All(List<Moves.Move> all) -> {
        move(draft, instructions.getFirst().name(), all);
        done = all;
      }
      case Moves.Refused(Errno errno, GfnRange at, String state) -> {
        draft.refuse(errno, "page " + at.start() + " is " + state);
        refused = Optional.of(errno);
      }
      case Moves.Faults(GfnRange _) -> throw new IllegalStateException("the kernel does not fault");
    }
    guard(
        draft,
        from,
        new AnchorToGmem.Retry(touched.frames(), touched.access(), touched.caller(), refused),
        touched.range(),
        done);
  }

  private String reason(String name, GfnRange at, String state) {
    String says = anchor.find(name).map(AnchorInstruction::says).orElse(name);
    return says + ": page " + at.start() + " is " + state;
  }

  private AnchorToKvm translate(AnchorState state, GfnRange range) {
    List<Run<GfnRange, Entry>> runs = state.runs(range);
    for (Run<GfnRange, Entry> run : runs) {
      if (anchor.state(run.value().state()).guest() instanceof GuestAnswer.Faults) {
        return new AnchorToKvm.NotPresent(range);
      }
    }
    for (Run<GfnRange, Entry> run : runs) {
      String is = run.value().state();
      switch (anchor.state(is).guest()) {
        case GuestAnswer.Dies(Errno errno) -> {
          return new AnchorToKvm.Dies(errno, run.range(), is);
        }
        case GuestAnswer.Fails(Errno errno) -> {
          return new AnchorToKvm.Fails(errno, run.range(), is);
        }
        case GuestAnswer.Passes _, GuestAnswer.Faults _ -> {}
      }
    }
    return new AnchorToKvm.Translated(state.frames(range).getFirst());
  }

  // What the host may do, one call after the other.

  private static void move(
      Draft<AnchorState, AnchorEvent> draft, String name, List<Moves.Move> moves) {
    for (Moves.Move move : moves) {
      draft.happen(
          new AnchorEvent.Moved(name, move.range(), move.from(), move.to(), move.frames()));
    }
  }

  /** Tells inodes what has become of frames, and answers the caller once they have taken it. */
  private void guard(
      Draft<AnchorState, AnchorEvent> draft,
      Endpoint caller,
      Message answer,
      GfnRange range,
      List<Moves.Move> moves) {
    boolean ofGuest = answer instanceof AnchorToKvm.Translated;
    int guards = 0;
    for (Moves.Move move : moves) {
      // What a guest's instruction does to bytes, KVM carries to the inode as the access itself.
      Content content = ofGuest ? Content.KEEP : move.content();
      if (anchor.changesForHost(move.from(), move.to()) || content != Content.KEEP) {
        answer(
            draft,
            Endpoint.of(setup.owner(move.frames())),
            new AnchorToGmem.Guard(List.of(move.frames()), move.to(), content));
        guards++;
      }
    }
    if (guards == 0) {
      answer(draft, caller, answer);
    } else {
      draft.happen(new AnchorEvent.CallPends(new Pending(caller, answer, range, guards)));
    }
  }

  private void guarded(Draft<AnchorState, AnchorEvent> draft) {
    Optional<Pending> pending = draft.state().pending();
    if (pending.isEmpty()) {
      draft.ignore("no call waits for it");
      return;
    }
    if (pending.get().guards() > 1) {
      draft.happen(new AnchorEvent.GuardTaken());
      return;
    }
    draft.happen(new AnchorEvent.CallEnded());
    answer(draft, pending.get().caller(), pending.get().answer());
    while (draft.state().pending().isEmpty() && !draft.state().queue().isEmpty()) {
      Call next = draft.state().queue().getFirst();
      draft.happen(new AnchorEvent.CallTaken());
      serve(draft, next.from(), next.message());
    }
  }

  private static void answer(Draft<AnchorState, AnchorEvent> draft, Endpoint to, Message answer) {
    draft.send(TaskId.NONE, to, answer);
  }
}
