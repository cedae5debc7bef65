package dev.faultline.protocol.guest;

import dev.faultline.protocol.Decided;
import dev.faultline.protocol.Decider;
import dev.faultline.protocol.Draft;
import dev.faultline.protocol.KeptParts;
import dev.faultline.protocol.Parts;
import dev.faultline.protocol.Stimulus;
import dev.faultline.protocol.design.GuestProfile;
import dev.faultline.protocol.memory.Errno;
import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.Page;
import dev.faultline.protocol.memory.RangeMap;
import dev.faultline.protocol.message.Access;
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

/** A vCPU with its part of the guest's kernel (arch/x86/coco/tdx/tdx.c in Linux). */
public final class GuestDecider implements Decider<GuestState, ToGuest, GuestEvent> {

  private final PartyId self;
  private final PartyId kvm;
  private final GuestProfile profile;
  private final RangeMap<GfnRange, View> firstViews;

  /**
   * A vCPU.
   *
   * @param firstViews what it believes of memory when the world starts
   */
  public GuestDecider(
      PartyId self, PartyId kvm, GuestProfile profile, RangeMap<GfnRange, View> firstViews) {
    this.self = self;
    this.kvm = kvm;
    this.profile = profile;
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
          mapGpa(draft, range.start() * Page.BYTES, 0);
      case ScriptToGuest.AcceptMemory(GfnRange range) ->
          tell(draft, new GuestToKvm.Touch(range, View.PRIVATE, new Access.Accept()));
      case ScriptToGuest.Touch(GfnRange range, Optional<View> view, Access access) -> {
        View believed = draft.state().belief().getOr(range.start(), View.PRIVATE);
        tell(draft, new GuestToKvm.Touch(range, view.orElse(believed), access));
      }
    }
  }

  private void tell(Draft<GuestState, GuestEvent> draft, GuestToKvm message) {
    draft.send(TaskId.NONE, Endpoint.of(kvm), message);
  }

  /** tdx_map_gpa: the rest of the range, from an address on. */
  private void mapGpa(Draft<GuestState, GuestEvent> draft, long gpa, int retries) {
    if (draft.state().operation().orElseThrow()
        instanceof ScriptToGuest.Convert(GfnRange range, View target)) {
      draft.happen(new GuestEvent.MapGpaMade(gpa, retries));
      tell(draft, new GuestToKvm.MapGpa(gpa, range.end() * Page.BYTES - gpa, target));
    }
  }

  private void mapGpaReturned(
      Draft<GuestState, GuestEvent> draft, TdvmcallStatus status, long gpa) {
    if (!(draft.state().operation().orElse(null)
        instanceof ScriptToGuest.Convert(GfnRange range, View target))) {
      draft.ignore("no MapGPA is under way");
      return;
    }
    GuestState.MapGpaProgress progress = draft.state().progress();
    switch (status) {
      case SUCCESS -> {
        draft.happen(new GuestEvent.ViewBelieved(range, target));
        end(draft, Result.ok());
      }
      case RETRY -> {
        boolean inRange = gpa >= progress.gpa() && gpa < range.end() * Page.BYTES;
        int retries = gpa == progress.gpa() ? progress.retries() + 1 : 0;
        if (!inRange) {
          giveUp(draft, "RETRY names 0x" + Long.toHexString(gpa) + ", outside of the request");
        } else if (retries >= profile.retriesWithoutProgress()) {
          giveUp(draft, retries + " calls at 0x" + Long.toHexString(gpa) + " did not help");
        } else {
          mapGpa(draft, gpa, retries);
        }
      }
      case INVALID_OPERAND, ALIGN_ERROR, SUBFUNC_UNSUPPORTED ->
          giveUp(draft, "MapGPA returned " + status + " at 0x" + Long.toHexString(gpa));
    }
  }

  /** set_memory_encrypted and set_memory_decrypted return -EIO; the pages' state is unknown. */
  private void giveUp(Draft<GuestState, GuestEvent> draft, String reason) {
    draft.refuse(Errno.EIO, reason);
    end(draft, Result.failed(Errno.EIO));
  }

  private void touched(Draft<GuestState, GuestEvent> draft, Result result) {
    if (result instanceof Result.Ok
        && draft.state().operation().orElseThrow()
            instanceof ScriptToGuest.AcceptMemory(GfnRange range)) {
      draft.happen(new GuestEvent.RangeAccepted(range));
    }
    end(draft, result);
  }

  private void end(Draft<GuestState, GuestEvent> draft, Result result) {
    draft.happen(new GuestEvent.OperationEnded());
    answer(draft, result);
  }

  private void answer(Draft<GuestState, GuestEvent> draft, Result result) {
    draft.send(TaskId.NONE, Endpoint.of(self), new ToScript.Answered(result));
  }
}
