package dev.faultline.view;

import dev.faultline.protocol.Event;
import dev.faultline.protocol.anchor.AnchorEvent;
import dev.faultline.protocol.design.Lock;
import dev.faultline.protocol.design.LockMode;
import dev.faultline.protocol.design.PageState;
import dev.faultline.protocol.gmem.GmemEvent;
import dev.faultline.protocol.guest.GuestEvent;
import dev.faultline.protocol.hostio.HostIoEvent;
import dev.faultline.protocol.hostmemory.HostMemoryEvent;
import dev.faultline.protocol.iommu.IommuEvent;
import dev.faultline.protocol.kvm.KvmEvent;
import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.IndexRange;
import dev.faultline.protocol.memory.PfnRange;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.View;
import dev.faultline.protocol.vmm.VmmEvent;
import java.util.List;
import java.util.Optional;

/**
 * Events in a few words: those by which memory changes for somebody, and the locks that keep others
 * out. How tasks proceed, and references that come and go with them, say nothing here.
 */
final class Notes {

  private final long pageCount;

  /** Notes on a world whose file has so many pages. */
  Notes(long pageCount) {
    this.pageCount = pageCount;
  }

  /** What a ladder says of an event; nothing if an arrow or another event says it. */
  Optional<String> of(Event event) {
    return switch (event) {
      case GmemEvent gmem -> of(gmem);
      case KvmEvent kvm -> of(kvm);
      case IommuEvent iommu -> of(iommu);
      case VmmEvent vmm -> of(vmm);
      case HostIoEvent user -> of(user);
      case GuestEvent _, AnchorEvent _, HostMemoryEvent _ -> Optional.empty();
      default -> throw new IllegalStateException("no party has an event " + event);
    };
  }

  private Optional<String> of(GmemEvent event) {
    return switch (event) {
      case GmemEvent.AttributesStored(IndexRange range, View view) ->
          Optional.of("store " + range + " " + view.word());
      case GmemEvent.HostFaultsAllowed(IndexRange range) ->
          Optional.of("allow host faults " + range);
      case GmemEvent.HostFaultsForbidden(IndexRange range) ->
          Optional.of("forbid host faults " + range);
      case GmemEvent.HostUnmapped(PartyId memory, IndexRange range) ->
          Optional.of("unmap host: " + range + " of " + process(memory));
      case GmemEvent.HostMapped(PartyId memory, List<PfnRange> frames) ->
          Optional.of("map " + words(frames) + " in " + process(memory));
      case GmemEvent.FoliosPinned(List<PfnRange> frames) -> Optional.of("pin " + words(frames));
      case GmemEvent.FoliosUnpinned(List<PfnRange> frames) -> Optional.of("unpin " + words(frames));
      case GmemEvent.CallbacksRegistered(List<PfnRange> frames) ->
          Optional.of("the last put of " + words(frames) + " will be told");
      case GmemEvent.CallbacksCleared(List<PfnRange> frames) ->
          Optional.of("the last put of " + words(frames) + " is told no more");
      case GmemEvent.PagesRemoved(IndexRange range) -> Optional.of("remove pages " + range);
      case GmemEvent.FoliosBatched(PartyId cpu, List<PfnRange> frames) ->
          Optional.of(words(frames) + " waits in the batch of " + cpu);
      case GmemEvent.BatchDrained(PartyId cpu) -> Optional.of("drain the batch of " + cpu);
      case GmemEvent.ContentLost(List<PfnRange> frames) ->
          Optional.of("content of " + words(frames) + " is gone");
      case GmemEvent.FramesGuarded(List<PfnRange> frames, String state, var _) ->
          Optional.of(
              state.equals(PageState.ABSENT)
                  ? words(frames) + " is open to the host"
                  : words(frames) + " is " + state);
      case GmemEvent.LockTaken _,
          GmemEvent.LockReleased _,
          GmemEvent.TaskStarted _,
          GmemEvent.TaskProceeded _,
          GmemEvent.TaskEnded _,
          GmemEvent.FoliosAdded _,
          GmemEvent.FoliosGot _,
          GmemEvent.FoliosReferenced _,
          GmemEvent.FoliosUnlocked _,
          GmemEvent.FoliosPut _,
          GmemEvent.FoliosZeroed _,
          GmemEvent.FoliosUnprepared _,
          GmemEvent.BytesWritten _,
          GmemEvent.WatchSet _,
          GmemEvent.WatchDropped _,
          GmemEvent.ExitMmapWaits _,
          GmemEvent.ExitMmapDone _ ->
          Optional.empty();
    };
  }

  private static Optional<String> of(KvmEvent event) {
    return switch (event) {
      case KvmEvent.LockTaken(var _, Lock lock, var _) when lock == Lock.SLOTS ->
          Optional.of("lock slots");
      case KvmEvent.AttributesStored(GfnRange range, View view) ->
          Optional.of("store " + range + " " + view.word());
      case KvmEvent.Zapped(GfnRange range, View view) ->
          Optional.of("zap " + range + " " + view.word());
      case KvmEvent.MappingInstalled(GfnRange range, View view, var _) ->
          Optional.of("map " + range + " " + view.word());
      case KvmEvent.VmDied(var errno) -> Optional.of("the VM is dead: " + errno);
      case KvmEvent.LockTaken _,
          KvmEvent.LockReleased _,
          KvmEvent.TaskStarted _,
          KvmEvent.TaskProceeded _,
          KvmEvent.TaskEnded _,
          KvmEvent.InvalidationBegun _,
          KvmEvent.InvalidationEnded _ ->
          Optional.empty();
    };
  }

  private static Optional<String> of(IommuEvent event) {
    return switch (event) {
      case IommuEvent.Mapped(PartyId device, GfnRange iova, var _) ->
          Optional.of("map " + iova + " for " + device);
      case IommuEvent.Unmapped _,
          IommuEvent.TaskStarted _,
          IommuEvent.TaskProceeded _,
          IommuEvent.TaskEnded _ ->
          Optional.empty();
    };
  }

  private static Optional<String> of(VmmEvent event) {
    return switch (event) {
      case VmmEvent.VcpuStopped(PartyId vcpu) -> Optional.of(vcpu + " does not run again");
      case VmmEvent.ProcessDied _,
          VmmEvent.TaskStarted _,
          VmmEvent.TaskProceeded _,
          VmmEvent.TaskEnded _,
          VmmEvent.ViewRecorded _,
          VmmEvent.HoldingAdded _,
          VmmEvent.HoldingRemoved _ ->
          Optional.empty();
    };
  }

  private static Optional<String> of(HostIoEvent event) {
    return switch (event) {
      case HostIoEvent.ProcessDied _,
          HostIoEvent.OperationStarted _,
          HostIoEvent.OperationEnded _,
          HostIoEvent.Pinned _,
          HostIoEvent.Unpinned _,
          HostIoEvent.ReleaseStarted _,
          HostIoEvent.ReleaseEnded _,
          HostIoEvent.RingClosed _ ->
          Optional.empty();
    };
  }

  /** What a ladder says of a lock of the inode that keeps all others out. */
  static Optional<String> lock(Event event) {
    return event instanceof GmemEvent.LockTaken(var _, Lock lock, LockMode mode, var _)
            && mode == LockMode.EXCLUSIVE
        ? Optional.of("lock " + lock.word() + " exclusive")
        : Optional.empty();
  }

  /** Whether a process dies of an event. */
  static boolean isDeath(Event event) {
    return event instanceof VmmEvent.ProcessDied || event instanceof HostIoEvent.ProcessDied;
  }

  /** The process that an address space belongs to. */
  static String process(PartyId memory) {
    return memory.name().replaceFirst("-memory$", "");
  }

  /** The pages of frames: "512..767", or "512..767 and 3 more ranges". */
  String words(List<PfnRange> frames) {
    if (frames.isEmpty()) {
      return "nothing";
    }
    int more = frames.size() - 1;
    return Pages.of(frames.getFirst(), pageCount)
        + (more == 0 ? "" : " and " + more + " more range" + (more == 1 ? "" : "s"));
  }
}
