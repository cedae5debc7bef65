package dev.faultline.protocol.iommu;

import dev.faultline.protocol.Decided;
import dev.faultline.protocol.Decider;
import dev.faultline.protocol.Draft;
import dev.faultline.protocol.KeptParts;
import dev.faultline.protocol.Parts;
import dev.faultline.protocol.Stimulus;
import dev.faultline.protocol.TaskNumbers;
import dev.faultline.protocol.memory.Errno;
import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.PfnRange;
import dev.faultline.protocol.message.Access;
import dev.faultline.protocol.message.DeviceToIommu;
import dev.faultline.protocol.message.Endpoint;
import dev.faultline.protocol.message.Foll;
import dev.faultline.protocol.message.IommuToDevice;
import dev.faultline.protocol.message.IommuToVmm;
import dev.faultline.protocol.message.Message;
import dev.faultline.protocol.message.PageUserToGmem;
import dev.faultline.protocol.message.PagesAnswer;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.ProcessToHostMemory;
import dev.faultline.protocol.message.Result;
import dev.faultline.protocol.message.TaskId;
import dev.faultline.protocol.message.ToIommu;
import dev.faultline.protocol.message.VmmToIommu;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * An IOMMU domain behind a VFIO container (drivers/vfio/vfio_iommu_type1.c).
 *
 * <p>Model: mappings are made and removed at the pages asked for; there is no larger entry to
 * split.
 */
public final class IommuDecider implements Decider<IommuState, ToIommu, IommuEvent> {

  private final PartyId vmmMemory;
  private final PartyId gmem;

  /**
   * A domain.
   *
   * @param vmmMemory the address space whose pages MAP_DMA pins
   * @param gmem the file that those pages are of
   */
  public IommuDecider(PartyId vmmMemory, PartyId gmem) {
    this.vmmMemory = vmmMemory;
    this.gmem = gmem;
  }

  @Override
  public IommuState initialState() {
    return new IommuState(KeptParts.EMPTY);
  }

  @Override
  public IommuState state(Parts parts) {
    return new IommuState(parts);
  }

  @Override
  public List<TaskId> movable(IommuState state) {
    return List.of();
  }

  @Override
  public IommuState evolve(IommuState state, IommuEvent event) {
    return state.evolve(event);
  }

  @Override
  public Decided<IommuEvent> decide(
      IommuState state, Stimulus<ToIommu> stimulus, Predicate<TaskId> taken) {
    Draft<IommuState, IommuEvent> draft = new Draft<>(state, IommuState::evolve);
    switch (stimulus) {
      case Stimulus.Delivered<ToIommu>(Endpoint from, TaskId to, ToIommu message) ->
          delivered(draft, from, to, message, taken);
      case Stimulus.Advanced<ToIommu>(TaskId task) -> draft.ignore("there is no task " + task);
      case Stimulus.Killed<ToIommu>() -> draft.ignore("an IOMMU is no process");
    }
    return draft.decision();
  }

  private void delivered(
      Draft<IommuState, IommuEvent> draft,
      Endpoint from,
      TaskId to,
      ToIommu message,
      Predicate<TaskId> taken) {
    switch (message) {
      case VmmToIommu.MapDma(PartyId device, GfnRange iova) ->
          map(draft, from, device, iova, taken);
      case VmmToIommu.UnmapDma(PartyId _, GfnRange iova) -> unmap(draft, from, iova, taken);
      case DeviceToIommu.Dma(GfnRange iova, Access access) ->
          transfer(draft, from, iova, access, taken);
      case PagesAnswer answer -> {
        Optional<IommuTask> task = draft.state().findTask(to);
        if (task.isEmpty()) {
          draft.ignore("task " + to + " does not wait for it");
        } else {
          answered(draft, to, task.get(), answer);
        }
      }
    }
  }

  private void answered(
      Draft<IommuState, IommuEvent> draft, TaskId id, IommuTask task, PagesAnswer answer) {
    switch (answer) {
      case PagesAnswer.Got(var _, List<PfnRange> pages)
          when task instanceof IommuTask.Map(Endpoint caller, PartyId device, GfnRange iova) -> {
        draft.happen(new IommuEvent.Mapped(device, iova, pages));
        end(draft, id, caller, new IommuToVmm.Mapped(Result.ok()));
      }
      case PagesAnswer.NotGot(Errno errno) when task instanceof IommuTask.Map map -> {
        draft.refuse(errno, "the pages cannot be pinned");
        end(draft, id, map.caller(), new IommuToVmm.Mapped(Result.failed(errno)));
      }
      case PagesAnswer.Transferred(Result result)
          when task instanceof IommuTask.Transfer transfer -> {
        end(draft, id, transfer.caller(), new IommuToDevice.DmaDone(result));
        for (TaskId waiting : draft.state().tasks()) {
          unmapOn(draft, waiting);
        }
      }
      case PagesAnswer.Put() when task instanceof IommuTask.Unmap unmap ->
          end(draft, id, unmap.caller(), new IommuToVmm.Unmapped(Result.ok()));
      case PagesAnswer.Got _, PagesAnswer.NotGot _, PagesAnswer.Transferred _, PagesAnswer.Put _ ->
          draft.ignore("task " + id + " does not wait for it");
    }
  }

  private static void end(
      Draft<IommuState, IommuEvent> draft, TaskId id, Endpoint caller, Message answer) {
    draft.send(id, caller, answer);
    draft.happen(new IommuEvent.TaskEnded(id));
  }

  /**
   * vfio_dma_do_map: EEXIST over an existing mapping, EFAULT if the pages are not to be had.
   *
   * <p>Model: over a mapping that is being made, EEXIST comes at once; the kernel waits for
   * iommu->lock, and may find that the other could not pin its pages.
   */
  private void map(
      Draft<IommuState, IommuEvent> draft,
      Endpoint from,
      PartyId device,
      GfnRange iova,
      Predicate<TaskId> taken) {
    if (draft.state().claimed(iova)) {
      String reason = "a page of " + iova + " is mapped already";
      draft.refuse(Errno.EEXIST, reason);
      draft.send(TaskId.NONE, from, new IommuToVmm.Mapped(Result.failed(Errno.EEXIST)));
      return;
    }
    TaskId id = TaskNumbers.lowestFree(draft.state()::isUnderWay, taken);
    draft.happen(new IommuEvent.TaskStarted(id, new IommuTask.Map(from, device, iova)));
    draft.send(
        id,
        Endpoint.of(vmmMemory),
        new ProcessToHostMemory.GetUserPages(iova, false, Foll.LONGTERM));
  }

  /**
   * vfio_dma_do_unmap: EINVAL if the range cuts a mapping in two, as in version 2 of the type 1
   * IOMMU. IOVAs are those of the container; any device of it may have asked for the mapping.
   */
  private void unmap(
      Draft<IommuState, IommuEvent> draft, Endpoint from, GfnRange iova, Predicate<TaskId> taken) {
    Optional<GfnRange> bisected = draft.state().bisected(iova);
    if (bisected.isPresent()) {
      draft.refuse(Errno.EINVAL, iova + " cuts the mapping " + bisected.get() + " in two");
      draft.send(TaskId.NONE, from, new IommuToVmm.Unmapped(Result.failed(Errno.EINVAL)));
      return;
    }
    List<PfnRange> frames = draft.state().frames(iova);
    if (frames.isEmpty()) {
      draft.send(TaskId.NONE, from, new IommuToVmm.Unmapped(Result.ok()));
      return;
    }
    TaskId id = TaskNumbers.lowestFree(draft.state()::isUnderWay, taken);
    draft.happen(new IommuEvent.Unmapped(iova));
    draft.happen(new IommuEvent.TaskStarted(id, new IommuTask.Unmap(from, iova, frames, false)));
    unmapOn(draft, id);
  }

  /** The pages of an unmapping are unpinned once no transfer uses its translations any more. */
  private void unmapOn(Draft<IommuState, IommuEvent> draft, TaskId id) {
    if (draft.state().task(id)
            instanceof
            IommuTask.Unmap(
                Endpoint caller,
                GfnRange iova,
                List<PfnRange> frames,
                boolean unpinning)
        && !unpinning
        && !draft.state().transferUnderWay(iova)) {
      draft.happen(
          new IommuEvent.TaskProceeded(id, new IommuTask.Unmap(caller, iova, frames, true)));
      draft.send(id, Endpoint.of(gmem), new PageUserToGmem.PutPages(frames));
    }
  }

  private void transfer(
      Draft<IommuState, IommuEvent> draft,
      Endpoint from,
      GfnRange iova,
      Access access,
      Predicate<TaskId> taken) {
    List<PfnRange> frames = draft.state().frames(iova);
    if (frames.size() != 1 || frames.getFirst().pageCount() != iova.pageCount()) {
      String reason = "no translation for iova page " + iova;
      draft.refuse(Errno.EFAULT, reason);
      draft.send(TaskId.NONE, from, new IommuToDevice.DmaDone(Result.failed(Errno.EFAULT)));
      return;
    }
    TaskId id = TaskNumbers.lowestFree(draft.state()::isUnderWay, taken);
    draft.happen(new IommuEvent.TaskStarted(id, new IommuTask.Transfer(from, iova)));
    draft.send(id, Endpoint.of(gmem), new PageUserToGmem.Transfer(frames.getFirst(), access));
  }
}
