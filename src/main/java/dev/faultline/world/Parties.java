package dev.faultline.world;

import dev.faultline.protocol.Decider;
import dev.faultline.protocol.Event;
import dev.faultline.protocol.anchor.AnchorDecider;
import dev.faultline.protocol.anchor.AnchorSetup;
import dev.faultline.protocol.design.Act;
import dev.faultline.protocol.design.Operation;
import dev.faultline.protocol.design.Revision;
import dev.faultline.protocol.design.Site;
import dev.faultline.protocol.gmem.GmemDecider;
import dev.faultline.protocol.gmem.GmemSetup;
import dev.faultline.protocol.guest.GuestDecider;
import dev.faultline.protocol.hostio.HostIoDecider;
import dev.faultline.protocol.hostio.HostIoSetup;
import dev.faultline.protocol.hostmemory.HostMemoryDecider;
import dev.faultline.protocol.hostmemory.HostMemoryState;
import dev.faultline.protocol.iommu.IommuDecider;
import dev.faultline.protocol.kvm.KvmDecider;
import dev.faultline.protocol.kvm.KvmSetup;
import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.IndexRange;
import dev.faultline.protocol.memory.PfnRange;
import dev.faultline.protocol.memory.RangeMap;
import dev.faultline.protocol.message.Message;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.PartyKind;
import dev.faultline.protocol.message.View;
import dev.faultline.protocol.vmm.VmmDecider;
import dev.faultline.protocol.vmm.VmmSetup;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The parties of a world, made from its setup. */
public final class Parties {

  /** The VMM. */
  public static final PartyId VMM = PartyId.of(PartyKind.VMM, "vmm");

  /** KVM's side of the one VM. */
  public static final PartyId KVM = PartyId.of(PartyKind.KVM, "kvm");

  /** The one guest_memfd inode. */
  public static final PartyId GMEM = PartyId.of(PartyKind.GMEM, "gmem");

  /**
   * Where shared pages are, if not in the gmem file. Model: shared anonymous memory is a file whose
   * pages are all shared, as shmem makes one for it.
   */
  public static final PartyId SHMEM = PartyId.of(PartyKind.GMEM, "shmem");

  /** The platform's trust anchor. */
  public static final PartyId ANCHOR = PartyId.of(PartyKind.ANCHOR, "anchor");

  /** The IOMMU of all devices. */
  public static final PartyId IOMMU = PartyId.of(PartyKind.IOMMU, "iommu");

  /** The address space of the VMM's process. */
  public static final PartyId VMM_MEMORY = PartyId.of(PartyKind.HOST_MEMORY, "vmm-memory");

  private Parties() {}

  /** The address space of a host user that is a process of its own. */
  public static PartyId memoryOf(PartyId process) {
    return PartyId.of(PartyKind.HOST_MEMORY, process.name() + "-memory");
  }

  /** The address space that a host user, other than a device, takes pages from. */
  public static PartyId memoryOf(WorldSetup setup, PartyId user) {
    return setup.users().stream()
        .filter(known -> known.id().equals(user))
        .findFirst()
        .map(Parties::memory)
        .orElse(VMM_MEMORY);
  }

  /** A decider for each party, in the order of parties. */
  public static SortedMap<PartyId, Decider<?, ? extends Message, ? extends Event>> of(
      WorldSetup setup) {
    SortedMap<PartyId, Decider<?, ? extends Message, ? extends Event>> parties = new TreeMap<>();
    for (PartyId vcpu : setup.vcpus()) {
      parties.put(
          vcpu, new GuestDecider(vcpu, KVM, setup.guest(), setup.mode(), firstViews(setup)));
    }
    parties.put(VMM, new VmmDecider(VMM, vmm(setup), setup.vmm()));
    parties.put(KVM, new KvmDecider(setup.revision(), setup.mode(), kvm(setup)));
    parties.put(GMEM, new GmemDecider(setup.revision(), gmem(setup)));
    parties.put(ANCHOR, new AnchorDecider(anchor(setup)));
    if (setup.sharedElsewhere()) {
      GmemSetup shared =
          new GmemSetup(
              setup.pageCount(),
              frames(setup).end(),
              true,
              View.SHARED,
              setup.revision().first(setup.mode()).hostFaults(),
              List.of(),
              List.of(),
              Optional.of(new GmemSetup.Platform(ANCHOR, setup.mode(), Optional.empty())),
              setup.open());
      parties.put(SHMEM, new GmemDecider(setup.revision(), shared));
    }
    parties.put(IOMMU, new IommuDecider(VMM_MEMORY, sharedPages(setup)));
    // Model: where shared pages come from the inode, the VMM's unmapping leaves the guest's
    // mappings;
    // the kernel zaps them too, and the next fault brings them back.
    Optional<PartyId> notified =
        setup.revision().sharedThroughMapping() ? Optional.of(KVM) : Optional.empty();
    parties.put(VMM_MEMORY, hostMemory(setup, VMM_MEMORY, notified));
    for (HostUser user : setup.users()) {
      parties.put(user.id(), new HostIoDecider(user.id(), hostIo(setup, user)));
      if (user.kind() == HostIoSetup.Kind.PROCESS) {
        PartyId memory = memoryOf(user.id());
        parties.put(memory, hostMemory(setup, memory, Optional.empty()));
      }
    }
    return setup.beginning().equals(Beginning.NONE) ? parties : Past.of(setup, parties);
  }

  private static RangeMap<GfnRange, View> firstViews(WorldSetup setup) {
    RangeMap<GfnRange, View> views = RangeMap.of(setup.ram(), View.PRIVATE);
    for (GfnRange shared : setup.shared().ranges(setup.ram())) {
      views = views.with(shared, View.SHARED);
    }
    return views;
  }

  private static HostMemoryDecider hostMemory(
      WorldSetup setup, PartyId memory, Optional<PartyId> notified) {
    return new HostMemoryDecider(
        memory,
        RangeMap.of(setup.ram(), new HostMemoryState.Mapping(sharedPages(setup), 0)),
        notified);
  }

  /** The inode whose pages processes have mapped. */
  private static PartyId sharedPages(WorldSetup setup) {
    return setup.sharedElsewhere() ? SHMEM : GMEM;
  }

  /** The frames that pages of the gmem file can have; those of shared memory elsewhere follow. */
  static PfnRange frames(WorldSetup setup) {
    long half = PfnRange.ALL.end() / 2 / setup.pageCount() * setup.pageCount();
    return setup.sharedElsewhere() ? new PfnRange(0, half) : PfnRange.ALL;
  }

  private static GmemSetup gmem(WorldSetup setup) {
    IndexRange whole = new IndexRange(0, setup.pageCount());
    return new GmemSetup(
        setup.pageCount(),
        0,
        setup.mode().privateMemory(),
        initialView(setup),
        setup.revision().first(setup.mode()).hostFaults(),
        List.of(new GmemSetup.Binding(KVM, whole)),
        processes(setup),
        Optional.of(new GmemSetup.Platform(ANCHOR, setup.mode(), setup.mode().getUserPages())),
        setup.open());
  }

  private static AnchorSetup anchor(WorldSetup setup) {
    return new AnchorSetup(
        setup.mode(),
        inodes(setup).stream()
            .map(inode -> new AnchorSetup.Inode(inode.gmem(), inode.frames()))
            .toList(),
        setup.open());
  }

  private static List<GmemSetup.Process> processes(WorldSetup setup) {
    List<GmemSetup.Process> processes = new ArrayList<>();
    processes.add(new GmemSetup.Process(VMM, VMM_MEMORY));
    for (HostUser user : setup.users()) {
      processes.add(new GmemSetup.Process(user.id(), memory(user)));
    }
    return processes;
  }

  /** The further process that a host user is or runs in; none in the VMM's, or for a device. */
  private static Optional<PartyId> process(HostUser user) {
    return user.kind() == HostIoSetup.Kind.PROCESS ? Optional.of(user.id()) : user.process();
  }

  /** The address space that a host user runs in. */
  private static PartyId memory(HostUser user) {
    return process(user).map(Parties::memoryOf).orElse(VMM_MEMORY);
  }

  /**
   * What all pages are before any call. A file whose attributes lie on the VM says nothing of its
   * own: all of it may be shared; so is all of a VM that has no private memory.
   */
  private static View initialView(WorldSetup setup) {
    return setup.mode().privateMemory() && setup.revision().attributes() == Site.GMEM
        ? setup.revision().first(setup.mode()).pages().orElse(View.PRIVATE)
        : View.SHARED;
  }

  private static KvmSetup kvm(WorldSetup setup) {
    KvmSetup.Slot slot =
        new KvmSetup.Slot(
            0,
            setup.ram(),
            Optional.of(new KvmSetup.Bound(GMEM, 0, !setup.sharedElsewhere(), true)),
            VMM_MEMORY,
            setup.ram().start(),
            false);
    return new KvmSetup(
        setup.vcpus(), VMM, partsOfVmm(setup), ANCHOR, List.of(slot), inodes(setup), setup.open());
  }

  private static List<KvmSetup.Inode> inodes(WorldSetup setup) {
    PfnRange own = frames(setup);
    KvmSetup.Inode gmem = new KvmSetup.Inode(GMEM, own);
    return setup.sharedElsewhere()
        ? List.of(gmem, new KvmSetup.Inode(SHMEM, new PfnRange(own.end(), PfnRange.ALL.end())))
        : List.of(gmem);
  }

  private static List<PartyId> partsOfVmm(WorldSetup setup) {
    return setup.users().stream().filter(Parties::isOfVmm).map(HostUser::id).toList();
  }

  private static VmmSetup vmm(WorldSetup setup) {
    Revision revision = setup.revision();
    return new VmmSetup(
        VMM_MEMORY,
        KVM,
        GMEM,
        IOMMU,
        setup.ram(),
        initialView(setup),
        revision.call(),
        revision.blocked(),
        revision.find(Operation.CANCEL_CONVERSION).isPresent(),
        revision.operations().values().stream()
            .flatMap(program -> program.acts().stream())
            .anyMatch(act -> act instanceof Act.CheckReferences check && check.notifies()),
        partsOfVmm(setup));
  }

  /**
   * Whether a host user is a part of the VMM's process. A device is none: it has no thread there.
   */
  static boolean isOfVmm(HostUser user) {
    return switch (user.kind()) {
      case IO_URING, O_DIRECT, THREAD -> user.process().isEmpty();
      case VFIO, PROCESS -> false;
    };
  }

  private static HostIoSetup hostIo(WorldSetup setup, HostUser user) {
    Optional<PartyId> process = process(user);
    List<PartyId> siblings =
        process.isEmpty()
            ? List.of()
            : setup.users().stream()
                .filter(other -> !other.id().equals(user.id()))
                .filter(
                    other -> other.process().equals(process) || process.get().equals(other.id()))
                .map(HostUser::id)
                .toList();
    return new HostIoSetup(
        user.kind(),
        memory(user),
        VMM,
        isOfVmm(user),
        KVM,
        GMEM,
        sharedPages(setup),
        IOMMU,
        siblings,
        setup.revision().call(),
        user.catchesSigbus());
  }
}
