package dev.faultline.protocol.guest;

import dev.faultline.protocol.Decided;
import dev.faultline.protocol.Decider;
import dev.faultline.protocol.Draft;
import dev.faultline.protocol.KeptParts;
import dev.faultline.protocol.Parts;
import dev.faultline.protocol.Stimulus;
import dev.faultline.protocol.design.AnchorInstruction;
import dev.faultline.protocol.design.GuestProfile;
import dev.faultline.protocol.design.Mode;
import dev.faultline.protocol.memory.Errno;
import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.Page;
import dev.faultline.protocol.memory.PageIndex;
import dev.faultline.protocol.memory.RangeMap;
import dev.faultline.protocol.message.Access;
import dev.faultline.protocol.message.Content;
import dev.faultline.protocol.message.Endpoint;
import dev.faultline.protocol.message.GuestToKvm;
import dev.faultline.protocol.message.KvmToGuest;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.Result;
import dev.faultline.protocol.message.ScriptToGuest;
import dev.faultline.protocol.message.TaskId;
import dev.faultline.protocol.message.TdvmcallStatus;
import dev.faultline.protocol.message.ToGuest;
import dev.faultline.protocol.message.ToScript;
import dev.faultline.protocol.message.View;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A vCPU with its part of the guest's kernel: in Linux arch/x86/coco/tdx/tdx.c,
 * arch/x86/coco/sev/core.c, drivers/virt/coco/pkvm-guest.
 */
public final class GuestDecider implements Decider<GuestState, ToGuest, GuestEvent> {

  private final PartyId self;
  private final PartyId kvm;
  private final GuestProfile profile;
  private final Mode mode;
  private final RangeMap<GfnRange, View> firstViews;

  /**
   * A vCPU.
   *
   * @param firstViews what it believes of memory when the world starts
   */
  public GuestDecider(
      PartyId self,
      PartyId kvm,
      GuestProfile profile,
      Mode mode,
      RangeMap<GfnRange, View> firstViews) {
    this.self = self;
    this.kvm = kvm;
    this.profile = profile;
    this.mode = mode;
    this.firstViews = firstViews;
  }

  @Override
  public GuestState initialState() {
    return new GuestState(KeptParts.EMPTY).withBelief(firstViews);
  }

  @Override
  public GuestState state(Parts parts) {
    return new GuestState(parts);
  }

  @Override
  public List<TaskId> movable(GuestState state) {
    return List.of();
  }

  @Override
  public GuestState evolve(GuestState state, GuestEvent event) {
    return state.evolve(event);
  }

  @Override
  public Decided<GuestEvent> decide(
      GuestState state, Stimulus<ToGuest> stimulus, Predicate<TaskId> taken) {
    Draft<GuestState, GuestEvent> draft = new Draft<>(state, GuestState::evolve);
    switch (stimulus) {
      case Stimulus.Delivered<ToGuest>(Endpoint _, TaskId _, ToGuest message) ->
          delivered(draft, message);
      case Stimulus.Advanced<ToGuest>(TaskId task) -> draft.ignore("there is no task " + task);
      case Stimulus.Killed<ToGuest>() -> draft.ignore("a guest dies with its VMM");
    }
    return draft.decision();
  }

  private void delivered(Draft<GuestState, GuestEvent> draft, ToGuest message) {
    switch (message) {
      case ScriptToGuest _ when draft.state().stopped() -> {
        draft.refuse(Errno.EIO, self + " is stopped");
        answer(draft, new Result.VmDead(Errno.EIO));
      }
      case ScriptToGuest _ when draft.state().operation().isPresent() ->
          draft.ignore(self + " is at another operation");
      case ScriptToGuest operation -> start(draft, operation);
      case KvmToGuest _ when draft.state().operation().isEmpty() ->
          draft.ignore(self + " asked for nothing");
      case KvmToGuest.Touched(Result result) -> touched(draft, result);
      case KvmToGuest.MapGpaReturned(TdvmcallStatus status, long gpa) ->
          mapGpaReturned(draft, status, gpa);
      case KvmToGuest.Stopped(Result result) -> {
        draft.happen(new GuestEvent.VcpuStopped());
        end(draft, result);
      }
    }
  }

  private void start(Draft<GuestState, GuestEvent> draft, ScriptToGuest operation) {
    draft.happen(new GuestEvent.OperationStarted(operation));
    switch (operation) {
      case ScriptToGuest.Convert(GfnRange range, View _) ->
          request(draft, range.start() * Page.BYTES);
      case ScriptToGuest.AcceptMemory(GfnRange range) -> {
        Optional<String> accept = mode.conversion().accept();
        if (accept.isPresent()) {
          instruct(draft, range, accept.get());
        } else {
          end(draft, Result.ok());
        }
      }
      case ScriptToGuest.Touch(GfnRange range, Optional<View> view, Access access) -> {
        View believed = draft.state().belief().getOr(range.start(), View.PRIVATE);
        tell(draft, new GuestToKvm.Touch(range, view.orElse(believed), access));
      }
    }
  }

  private void tell(Draft<GuestState, GuestEvent> draft, GuestToKvm message) {
    draft.send(TaskId.NONE, Endpoint.of(kvm), message);
  }

  /** An instruction to the trust anchor, as an access to the pages that it is about. */
  private void instruct(Draft<GuestState, GuestEvent> draft, GfnRange range, String instruction) {
    Content content =
        mode.anchor().find(instruction).map(AnchorInstruction::effect).orElse(Content.KEEP);
    tell(
        draft,
        new GuestToKvm.Touch(range, View.PRIVATE, new Access.Instruct(instruction, content)));
  }

  // A conversion: one request after the other, each with what the anchor has to be told first.

  private ScriptToGuest.Convert conversion(Draft<GuestState, GuestEvent> draft) {
    return (ScriptToGuest.Convert) draft.state().operation().orElseThrow();
  }

  /** The request that an address is in. */
  private GfnRange request(ScriptToGuest.Convert conversion, long gpa) {
    long most = Math.min(mode.conversion().requestBytes(), profile.requestBytes()) / Page.BYTES;
    GfnRange range = conversion.range();
    long start = range.start() + (gpa / Page.BYTES - range.start()) / most * most;
    return range.end() - start > most
        ? range.to(start, start + most)
        : range.to(start, range.end());
  }

  private void request(Draft<GuestState, GuestEvent> draft, long gpa) {
    ScriptToGuest.Convert conversion = conversion(draft);
    List<String> instructions = mode.conversion().instructions(conversion.target());
    int given = draft.state().given();
    if (given < instructions.size()) {
      GfnRange range = request(conversion, gpa);
      draft.happen(new GuestEvent.InstructionGiven(instructions.get(given), range));
      instruct(draft, range, instructions.get(given));
    } else if (mode.conversion().host() == Mode.Host.NEVER && !instructions.isEmpty()) {
      requestDone(draft, gpa);
    } else {
      mapGpa(draft, gpa, 0);
    }
  }

  private void requestDone(Draft<GuestState, GuestEvent> draft, long gpa) {
    ScriptToGuest.Convert conversion = conversion(draft);
    GfnRange done = request(conversion, gpa);
    draft.happen(new GuestEvent.ViewBelieved(done, conversion.target()));
    if (done.end() < conversion.range().end()) {
      request(draft, done.end() * Page.BYTES);
    } else {
      end(draft, Result.ok());
    }
  }

  /** tdx_map_gpa: the rest of the request, from an address on. */
  private void mapGpa(Draft<GuestState, GuestEvent> draft, long gpa, int retries) {
    ScriptToGuest.Convert conversion = conversion(draft);
    draft.happen(new GuestEvent.MapGpaMade(gpa, retries));
    tell(
        draft,
        new GuestToKvm.MapGpa(
            gpa, request(conversion, gpa).end() * Page.BYTES - gpa, conversion.target()));
  }

  private void mapGpaReturned(
      Draft<GuestState, GuestEvent> draft, TdvmcallStatus status, long gpa) {
    if (!(draft.state().operation().orElse(null) instanceof ScriptToGuest.Convert conversion)) {
      draft.ignore("no MapGPA is under way");
      return;
    }
    GuestState.MapGpaProgress progress = draft.state().progress();
    switch (status) {
      case SUCCESS -> requestDone(draft, progress.gpa());
      case RETRY -> {
        long end = request(conversion, progress.gpa()).end() * Page.BYTES;
        boolean inRange = gpa >= progress.gpa() && gpa < end;
        int retries = gpa == progress.gpa() ? progress.retries() + 1 : 0;
        if (!inRange) {
          giveUp(
              draft,
              Errno.EIO,
              "RETRY names 0x" + Long.toHexString(gpa) + ", outside of the request");
        } else if (retries >= profile.retriesWithoutProgress()) {
          giveUp(
              draft, Errno.EIO, retries + " calls at 0x" + Long.toHexString(gpa) + " did not help");
        } else {
          mapGpa(draft, gpa, retries);
        }
      }
      case INVALID_OPERAND, ALIGN_ERROR, SUBFUNC_UNSUPPORTED, ERROR_GENERIC ->
          giveUp(draft, Errno.EIO, "MapGPA returned " + status + " at 0x" + Long.toHexString(gpa));
    }
  }

  /**
   * set_memory_encrypted and set_memory_decrypted return -EIO, or what an instruction returned; the
   * pages' state is unknown. An SNP guest ends itself instead (sev_es_terminate).
   */
  private void giveUp(Draft<GuestState, GuestEvent> draft, Errno errno, String reason) {
    draft.refuse(errno, reason);
    if (profile.terminates()) {
      draft.happen(new GuestEvent.VcpuStopped());
      end(draft, new Result.VmDead(errno));
    } else {
      end(draft, Result.failed(errno));
    }
  }

  private void touched(Draft<GuestState, GuestEvent> draft, Result result) {
    switch (draft.state().operation().orElseThrow()) {
      case ScriptToGuest.Convert _ -> instructed(draft, result);
      case ScriptToGuest.AcceptMemory(GfnRange range) when result instanceof Result.Ok -> {
        draft.happen(new GuestEvent.RangeAccepted(range));
        end(draft, result);
      }
      case ScriptToGuest.AcceptMemory _, ScriptToGuest.Touch _ -> end(draft, result);
    }
  }

  /** The anchor has answered an instruction of a conversion. */
  private void instructed(Draft<GuestState, GuestEvent> draft, Result result) {
    switch (result) {
      case Result.Ok _ -> request(draft, draft.state().progress().gpa());
      case Result.Failed(Errno errno, Optional<PageIndex> _) ->
          giveUp(draft, errno, "an instruction to the trust anchor failed: " + errno);
      case Result.Loaded _,
          Result.Sigbus _,
          Result.Sigsegv _,
          Result.Died _,
          Result.MemoryFault _,
          Result.Mmio _,
          Result.VmDead _ ->
          end(draft, result);
    }
  }

  private void end(Draft<GuestState, GuestEvent> draft, Result result) {
    draft.happen(new GuestEvent.OperationEnded());
    answer(draft, result);
  }

  private void answer(Draft<GuestState, GuestEvent> draft, Result result) {
    draft.send(TaskId.NONE, Endpoint.of(self), new ToScript.Answered(result));
  }
}
