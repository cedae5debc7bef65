package dev.faultline.protocol.kvm;

import dev.faultline.protocol.Draft;
import dev.faultline.protocol.design.Act;
import dev.faultline.protocol.design.Anchor;
import dev.faultline.protocol.design.AnchorInstruction;
import dev.faultline.protocol.design.Lock;
import dev.faultline.protocol.design.LockMode;
import dev.faultline.protocol.design.Mode;
import dev.faultline.protocol.design.Moment;
import dev.faultline.protocol.memory.Errno;
import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.PfnRange;
import dev.faultline.protocol.message.AnchorToKvm;
import dev.faultline.protocol.message.Endpoint;
import dev.faultline.protocol.message.KvmToAnchor;
import dev.faultline.protocol.message.KvmToGmem;
import dev.faultline.protocol.message.TaskId;
import dev.faultline.protocol.message.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Mappings of a guest are taken away: the calls to the trust anchor, and whom a zap waits for. */
final class Zaps {

  private final Anchor anchor;
  private final List<AnchorInstruction> unmap;
  private final KvmSetup setup;
  private final KvmTasks tasks;

  Zaps(Mode mode, KvmSetup setup, KvmTasks tasks) {
    this.anchor = mode.anchor();
    this.unmap = mode.anchor().at(Moment.UNMAP);
    this.setup = setup;
    this.tasks = tasks;
  }

  void begin(Draft<KvmState, KvmEvent> draft, TaskId id, KvmTask task, Act.Kinds wanted) {
    GfnRange range = KvmTasks.range(task.work());
    List<View> kinds =
        switch (task.work()) {
          case KvmWork.Invalidation invalidation -> invalidation.kinds();
          case KvmWork.AttributeChange change ->
              wanted == Act.Kinds.OPPOSITE
                  ? List.of(change.target().other())
                  : List.of(View.PRIVATE, View.SHARED);
          case KvmWork.GuestAccess _, KvmWork.MapGpa _, KvmWork.InvalidationEnd _ ->
              throw new IllegalStateException("no invalidation begins by " + task);
        };
    draft.happen(new KvmEvent.LockTaken(id, Lock.MMU, LockMode.EXCLUSIVE));
    draft.happen(new KvmEvent.InvalidationBegun(range));
    List<GfnRange> ofAnchor = new ArrayList<>();
    for (View view : kinds) {
      if (anchor.checks(view) && !unmap.isEmpty()) {
        draft.state().mmu(view).runs(range).forEach(run -> ofAnchor.add(run.range()));
      }
      if (!draft.state().mmu(view).runs(range).isEmpty()) {
        draft.happen(new KvmEvent.Zapped(range, view));
      }
    }
    Zapping zapping = new Zapping(range, kinds, ofAnchor, 0, false, false, List.of());
    KvmTasks.proceed(
        draft,
        id,
        draft.state().task(id).with(withZapping(task.work(), Optional.of(zapping))).wait(true));
    zapOn(draft, id);
  }

  private static KvmWork withZapping(KvmWork work, Optional<Zapping> zapping) {
    return switch (work) {
      case KvmWork.Invalidation(GfnRange range, List<View> kinds, Optional<Zapping> _) ->
          new KvmWork.Invalidation(range, kinds, zapping);
      case KvmWork.AttributeChange(GfnRange range, View target, Optional<Zapping> _) ->
          new KvmWork.AttributeChange(range, target, zapping);
      case KvmWork.GuestAccess _, KvmWork.MapGpa _, KvmWork.InvalidationEnd _ ->
          throw new IllegalStateException("nothing is zapped by " + work);
    };
  }

  static Optional<Zapping> zapping(KvmWork work) {
    return switch (work) {
      case KvmWork.Invalidation invalidation -> invalidation.zapping();
      case KvmWork.AttributeChange change -> change.zapping();
      case KvmWork.GuestAccess _, KvmWork.MapGpa _, KvmWork.InvalidationEnd _ -> Optional.empty();
    };
  }

  /** Goes on with a zap as far as answers and accesses under way allow. */
  private void zapOn(Draft<KvmState, KvmEvent> draft, TaskId id) {
    KvmTask task = draft.state().task(id);
    Zapping zapping = zapping(task.work()).orElseThrow();
    if (zapping.asked()) {
      return;
    }
    if (zapping.left().isEmpty()) {
      if (!underWay(draft.state(), zapping)) {
        zapped(draft, id, zapping);
      }
      return;
    }
    AnchorInstruction call = unmap.get(zapping.call());
    // What is made again comes once every vCPU has left the guest, as some calls always do.
    if ((call.vcpusOut() || zapping.retried()) && underWay(draft.state(), zapping)) {
      return;
    }
    GfnRange range = zapping.left().getFirst();
    draft.send(
        id, Endpoint.of(setup.anchor()), new KvmToAnchor.Instruct(call.name(), range, List.of()));
    KvmTasks.proceed(
        draft, id, task.with(withZapping(task.work(), Optional.of(zapping.ask(zapping.call())))));
  }

  private static boolean underWay(KvmState state, Zapping zapping) {
    return state.tasks().stream()
        .map(state::task)
        .anyMatch(
            task ->
                task.work() instanceof KvmWork.GuestAccess access
                    && access.phase() == KvmWork.Phase.UNDER_WAY
                    && zapping.concerns(access.piece(), access.view()));
  }

  /** An access has ended: zaps that waited for it go on. */
  void accessEnded(Draft<KvmState, KvmEvent> draft) {
    for (TaskId id : draft.state().tasks()) {
      if (zapping(draft.state().task(id).work()).isPresent()) {
        zapOn(draft, id);
      }
    }
  }

  /** Everything has let go; mmu_lock is released. */
  private void zapped(Draft<KvmState, KvmEvent> draft, TaskId id, Zapping zapping) {
    draft.happen(new KvmEvent.LockReleased(id, Lock.MMU));
    KvmTask task = draft.state().task(id);
    switch (task.work()) {
      case KvmWork.Invalidation _ -> {
        KvmTasks.proceed(draft, id, task.wait(false));
        tasks.next(draft, id);
      }
      case KvmWork.AttributeChange change -> {
        KvmTasks.proceed(draft, id, task.with(withZapping(change, Optional.empty())).wait(false));
        if (zapping.destroyed().isEmpty()) {
          tasks.next(draft, id);
        } else {
          draft.send(
              id,
              Endpoint.of(setup.owner(zapping.destroyed().getFirst())),
              new KvmToGmem.ContentDestroyed(zapping.destroyed(), zapping.range()));
          tasks.await(draft, id);
        }
      }
      case KvmWork.GuestAccess _, KvmWork.MapGpa _, KvmWork.InvalidationEnd _ ->
          throw new IllegalStateException("nothing is zapped by " + task);
    }
  }

  void answered(
      Draft<KvmState, KvmEvent> draft,
      TaskId id,
      KvmTask task,
      Zapping zapping,
      AnchorToKvm answer) {
    switch (answer) {
      case AnchorToKvm.Succeeded() -> nextCall(draft, id, task, zapping.answered());
      case AnchorToKvm.Removed(List<PfnRange> pages) ->
          nextCall(draft, id, task, zapping.removed(pages));
      case AnchorToKvm.Busy() when !zapping.retried() -> {
        KvmTasks.proceed(
            draft, id, task.with(withZapping(task.work(), Optional.of(zapping.busy()))));
        zapOn(draft, id);
      }
      case AnchorToKvm.Busy() ->
          bug(draft, id, task, zapping, "the trust anchor is busy for the second time");
      case AnchorToKvm.Refused(Errno _, GfnRange range, String state) ->
          bug(draft, id, task, zapping, "page " + range.start() + " is " + state);
      case AnchorToKvm.Translated _,
          AnchorToKvm.NotPresent _,
          AnchorToKvm.Dies _,
          AnchorToKvm.Fails _ ->
          draft.ignore("no answer to a zap: " + answer);
    }
  }

  /**
   * TDX_BUG_ON: the VM is dead, and the page stays with the anchor; only an instruction that moves
   * no page, as tdx_track, goes on.
   */
  private void bug(
      Draft<KvmState, KvmEvent> draft, TaskId id, KvmTask task, Zapping zapping, String reason) {
    draft.refuse(Errno.EIO, reason);
    draft.happen(new KvmEvent.VmDied(Errno.EIO));
    if (unmap.get(zapping.call()).moves().isEmpty()) {
      nextCall(draft, id, task, zapping.answered());
    } else {
      proceed(draft, id, task, zapping.nextRange());
    }
  }

  private void nextCall(Draft<KvmState, KvmEvent> draft, TaskId id, KvmTask task, Zapping zapping) {
    Zapping on =
        zapping.call() + 1 < unmap.size()
            ? new Zapping(
                zapping.range(),
                zapping.kinds(),
                zapping.left(),
                zapping.call() + 1,
                false,
                false,
                zapping.destroyed())
            : zapping.nextRange();
    proceed(draft, id, task, on);
  }

  private void proceed(Draft<KvmState, KvmEvent> draft, TaskId id, KvmTask task, Zapping zapping) {
    KvmTasks.proceed(draft, id, task.with(withZapping(task.work(), Optional.of(zapping))));
    zapOn(draft, id);
  }
}
