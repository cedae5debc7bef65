package dev.faultline.protocol.vmm;

import dev.faultline.protocol.Draft;
import dev.faultline.protocol.design.Site;
import dev.faultline.protocol.design.VmmProfile;
import dev.faultline.protocol.design.VmmProfile.VmmAct;
import dev.faultline.protocol.memory.Errno;
import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.Page;
import dev.faultline.protocol.message.Endpoint;
import dev.faultline.protocol.message.Message;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.ProcessToGmem;
import dev.faultline.protocol.message.ProcessToHostMemory;
import dev.faultline.protocol.message.ProcessToKvm;
import dev.faultline.protocol.message.Result;
import dev.faultline.protocol.message.TaskId;
import dev.faultline.protocol.message.ToScript;
import dev.faultline.protocol.message.View;
import dev.faultline.protocol.message.VmmToHostIo;
import dev.faultline.protocol.message.VmmToIommu;
import dev.faultline.protocol.message.VmmToKvm;
import dev.faultline.protocol.vmm.VmmTask.Conversion;
import dev.faultline.protocol.vmm.VmmTask.Phase;
import java.util.List;
import java.util.Optional;

/** How a VMM walks a conversion: the steps of its profile, and what it does when one is blocked. */
final class Conversions {

  private final PartyId self;
  private final VmmSetup setup;
  private final VmmProfile profile;

  Conversions(PartyId self, VmmSetup setup, VmmProfile profile) {
    this.self = self;
    this.setup = setup;
    this.profile = profile;
  }

  void start(
      Draft<VmmState, VmmEvent> draft, TaskId id, Origin origin, GfnRange range, View target) {
    start(draft, id, origin, range, target, profile.steps(target));
  }

  void start(
      Draft<VmmState, VmmEvent> draft,
      TaskId id,
      Origin origin,
      GfnRange range,
      View target,
      List<VmmAct> steps) {
    Conversion conversion = Conversion.start(origin, range, target, steps);
    draft.happen(new VmmEvent.TaskStarted(id, conversion));
    walk(draft, id, conversion);
  }

  /** KVM_EXIT_MEMORY_FAULT: an implicit conversion, or the end of the VM. */
  void memoryFault(
      Draft<VmmState, VmmEvent> draft, TaskId id, PartyId vcpu, GfnRange range, View view) {
    boolean converts =
        switch (profile.memoryFault()) {
          case CONVERT -> setup.ram().contains(range);
          case STOP, SKIP -> false;
        };
    if (converts) {
      start(draft, id, new Origin.MemoryFault(vcpu), range, view);
    } else if (skips()) {
      draft.send(TaskId.NONE, Endpoint.of(setup.kvm()), new VmmToKvm.Skip(vcpu));
    } else {
      draft.happen(new VmmEvent.VcpuStopped(vcpu));
      draft.send(TaskId.NONE, Endpoint.of(setup.kvm()), new VmmToKvm.Stop(vcpu));
    }
  }

  /** Whether a vCPU goes on behind an access that cannot be served. */
  boolean skips() {
    return profile.memoryFault() == VmmProfile.MemoryFault.SKIP;
  }

  private List<VmmAct> steps(Conversion conversion) {
    return switch (conversion.phase()) {
      case STEPS -> conversion.steps();
      case FIX -> profile.blocked().fix();
      case PAUSE, NOTIFICATION, CANCEL -> List.of();
    };
  }

  /** Does step after step until one waits for an answer. */
  private void walk(Draft<VmmState, VmmEvent> draft, TaskId id, Conversion from) {
    Conversion conversion = from;
    while (conversion.at() < steps(conversion).size()) {
      int asked = act(draft, id, conversion, steps(conversion).get(conversion.at()));
      if (asked > 0) {
        boolean givesBack = conversion.phase() == Phase.FIX;
        Conversion waiting = conversion.outstanding(asked);
        proceed(draft, id, givesBack ? waiting.gaveSomethingBack() : waiting);
        return;
      }
      conversion = conversion.at(conversion.phase(), conversion.at() + 1);
    }
    switch (conversion.phase()) {
      case STEPS -> end(draft, id, conversion, Optional.empty(), Result.ok());
      case FIX -> fixed(draft, id, conversion);
      case PAUSE, NOTIFICATION, CANCEL ->
          throw new IllegalStateException("no steps in " + conversion);
    }
  }

  private static void proceed(Draft<VmmState, VmmEvent> draft, TaskId id, Conversion task) {
    if (!draft.state().task(id).equals(task)) {
      draft.happen(new VmmEvent.TaskProceeded(id, task));
    }
  }

  /** Does a step; returns how many answers it waits for. */
  private int act(Draft<VmmState, VmmEvent> draft, TaskId id, Conversion conversion, VmmAct act) {
    GfnRange range = conversion.range();
    return switch (act) {
      case SET_ATTRIBUTES -> {
        long offset = (range.start() - base()) * Page.BYTES;
        call(draft, id, offset, range.pageCount() * Page.BYTES, conversion.target());
        yield 1;
      }
      case RECORD -> {
        draft.happen(new VmmEvent.ViewRecorded(range, conversion.target()));
        yield 0;
      }
      case UNMAP_DMA -> unmapDma(draft, id, range);
      case UNREGISTER_BUFFERS -> unregisterBuffers(draft, id, range);
      case UNMAP_HOST -> {
        draft.send(id, Endpoint.of(setup.memory()), new ProcessToHostMemory.Unmap(range));
        yield 1;
      }
      case PUNCH_HOLE -> {
        draft.send(id, Endpoint.of(setup.gmem()), punchHole(range));
        yield 1;
      }
    };
  }

  /** The guest frame that the ioctl's offset 0 stands for. */
  private long base() {
    return setup.call().site() == Site.GMEM ? setup.ram().start() : 0;
  }

  GfnRange frames(long offset, long size) {
    return new GfnRange(base() + offset / Page.BYTES, base() + (offset + size) / Page.BYTES);
  }

  void call(Draft<VmmState, VmmEvent> draft, TaskId id, long offset, long size, View target) {
    call(draft, id, offset, size, 0, target);
  }

  /**
   * The ioctl that converts.
   *
   * @param errorOffset what is left in error_offset, where that is an argument
   */
  void call(
      Draft<VmmState, VmmEvent> draft,
      TaskId id,
      long offset,
      long size,
      long errorOffset,
      View target) {
    switch (setup.call()) {
      case KVM_SET_MEMORY_ATTRIBUTES ->
          draft.send(
              id,
              Endpoint.of(setup.kvm()),
              new ProcessToKvm.SetMemoryAttributes(offset, size, target));
      case KVM_SET_MEMORY_ATTRIBUTES2 ->
          draft.send(
              id,
              Endpoint.of(setup.gmem()),
              new ProcessToGmem.SetMemoryAttributes2(offset, size, target));
      case KVM_GMEM_CONVERT ->
          draft.send(
              id,
              Endpoint.of(setup.gmem()),
              new ProcessToGmem.Convert(offset, size, errorOffset, target));
    }
  }

  Message queryMappable(GfnRange page) {
    return new ProcessToGmem.QueryMappable((page.start() - setup.ram().start()) * Page.BYTES);
  }

  Message punchHole(GfnRange range) {
    return new ProcessToGmem.PunchHole(
        (range.start() - setup.ram().start()) * Page.BYTES, range.pageCount() * Page.BYTES);
  }

  Message allocate(GfnRange range) {
    return new ProcessToGmem.Allocate(
        (range.start() - setup.ram().start()) * Page.BYTES, range.pageCount() * Page.BYTES);
  }

  /** VFIO does not bisect a mapping: what overlaps the range is unmapped whole. */
  private int unmapDma(Draft<VmmState, VmmEvent> draft, TaskId id, GfnRange range) {
    int asked = 0;
    for (PartyId device : draft.state().holders(range)) {
      if (setup.parts().contains(device)) {
        continue;
      }
      for (GfnRange held : draft.state().holdings(device).ranges(GfnRange.ALL)) {
        if (held.overlaps(range)) {
          draft.happen(new VmmEvent.HoldingRemoved(device, held));
          draft.send(id, Endpoint.of(setup.iommu()), new VmmToIommu.UnmapDma(device, held));
          asked++;
        }
      }
    }
    return asked;
  }

  private int unregisterBuffers(Draft<VmmState, VmmEvent> draft, TaskId id, GfnRange range) {
    int asked = 0;
    for (PartyId user : draft.state().holders(range)) {
      if (!setup.parts().contains(user)) {
        continue;
      }
      for (GfnRange held : draft.state().holdings(user).ranges(GfnRange.ALL)) {
        if (held.overlaps(range)) {
          draft.send(id, Endpoint.of(user), new VmmToHostIo.Unregister(held));
          asked++;
        }
      }
    }
    return asked;
  }

  /** An answer to a step came. */
  void answered(Draft<VmmState, VmmEvent> draft, TaskId id, Result result) {
    if (draft.state().findTask(id).isEmpty()
        || !(draft.state().task(id) instanceof Conversion conversion)) {
      draft.ignore("no conversion waits for it");
      return;
    }
    if (conversion.phase() == Phase.CANCEL) {
      reply(draft, id, conversion);
      return;
    }
    Conversion left = conversion.outstanding(conversion.outstanding() - 1);
    if (result instanceof Result.Failed failed && conversion.phase() == Phase.STEPS) {
      Conversion failing = left.failed(result);
      if (failed.errno() == setup.blocked()
          && conversion.steps().get(conversion.at()) == VmmAct.SET_ATTRIBUTES) {
        blocked(draft, id, failing);
      } else {
        reply(draft, id, failing);
      }
      return;
    }
    if (left.outstanding() > 0) {
      proceed(draft, id, left);
      return;
    }
    walk(draft, id, left.at(left.phase(), left.at() + 1));
  }

  // Blocked.

  private void blocked(Draft<VmmState, VmmEvent> draft, TaskId id, Conversion conversion) {
    if (conversion.retries() >= profile.blocked().retries() && profile.blocked().givesUp()) {
      giveUp(draft, id, conversion);
    } else {
      walk(draft, id, conversion.at(Phase.FIX, 0));
    }
  }

  /** All is given back that the VMM knows of. */
  private void fixed(Draft<VmmState, VmmEvent> draft, TaskId id, Conversion conversion) {
    boolean waits = setup.notifies() && profile.blocked().waitForNotification();
    if (conversion.gaveBack() && conversion.retries() == 0 || waits && conversion.notified()) {
      again(draft, id, conversion);
    } else if (waits) {
      proceed(draft, id, conversion.at(Phase.NOTIFICATION, 0));
    } else {
      proceed(draft, id, conversion.at(Phase.PAUSE, 0));
    }
  }

  private void again(Draft<VmmState, VmmEvent> draft, TaskId id, Conversion conversion) {
    // Who never gives up need not count on.
    int most = profile.blocked().givesUp() ? Integer.MAX_VALUE : 1;
    Conversion retry = conversion.again(conversion.steps().indexOf(VmmAct.SET_ATTRIBUTES), most);
    proceed(draft, id, retry);
    walk(draft, id, retry);
  }

  /** The timer before a retry has run out. */
  void pauseOver(Draft<VmmState, VmmEvent> draft, TaskId id) {
    if (draft.state().findTask(id).isPresent()
        && draft.state().task(id) instanceof Conversion conversion
        && conversion.phase() == Phase.PAUSE) {
      again(draft, id, conversion);
    } else {
      draft.ignore("task " + id + " does not pause");
    }
  }

  /** The kernel tells that nothing of the range is in use any more. */
  void unblocked(Draft<VmmState, VmmEvent> draft, GfnRange range) {
    boolean heard = false;
    for (TaskId id : draft.state().tasks()) {
      if (draft.state().task(id) instanceof Conversion conversion
          && conversion.range().overlaps(range)) {
        heard = true;
        if (conversion.phase() == Phase.NOTIFICATION) {
          again(draft, id, conversion);
        } else {
          proceed(draft, id, conversion.heard());
        }
      }
    }
    if (!heard) {
      draft.ignore("no conversion of " + range + " waits");
    }
  }

  private void giveUp(Draft<VmmState, VmmEvent> draft, TaskId id, Conversion conversion) {
    if (!setup.cancels()) {
      reply(draft, id, conversion);
      return;
    }
    GfnRange range = conversion.range();
    draft.send(
        id,
        Endpoint.of(setup.gmem()),
        new ProcessToGmem.CancelConversion(
            (range.start() - setup.ram().start()) * Page.BYTES, range.pageCount() * Page.BYTES));
    proceed(draft, id, conversion.at(Phase.CANCEL, 0).outstanding(1));
  }

  /** Tells whoever asked that the conversion failed. */
  private void reply(Draft<VmmState, VmmEvent> draft, TaskId id, Conversion conversion) {
    Result failure = conversion.failure().orElseThrow();
    boolean wasBlocked =
        failure instanceof Result.Failed failed && failed.errno() == setup.blocked();
    Optional<Errno> ret = wasBlocked ? profile.blocked().then() : Optional.of(Errno.EINVAL);
    if (failure instanceof Result.Failed failed) {
      draft.refuse(failed.errno(), "given up after " + conversion.retries() + " retries");
    }
    end(draft, id, conversion, ret, failure);
  }

  /**
   * Ends a conversion.
   *
   * @param ret hypercall.ret; empty with a failure stops the VM
   */
  private void end(
      Draft<VmmState, VmmEvent> draft,
      TaskId id,
      Conversion conversion,
      Optional<Errno> ret,
      Result result) {
    boolean stops = !(result instanceof Result.Ok) && ret.isEmpty();
    Endpoint kvm = Endpoint.of(setup.kvm());
    switch (conversion.origin()) {
      case Origin.Hypercall(PartyId vcpu) ->
          draft.send(id, kvm, stops ? new VmmToKvm.Stop(vcpu) : new VmmToKvm.Run(vcpu, ret));
      case Origin.MemoryFault(PartyId vcpu) ->
          draft.send(
              id,
              kvm,
              result instanceof Result.Ok
                  ? new VmmToKvm.Run(vcpu, Optional.empty())
                  : new VmmToKvm.Stop(vcpu));
      case Origin.Script() -> draft.send(id, Endpoint.of(self), new ToScript.Answered(result));
    }
    draft.happen(new VmmEvent.TaskEnded(id));
  }
}
