package dev.faultline.explore.world;

import dev.faultline.protocol.gmem.GmemState;
import dev.faultline.protocol.gmem.GmemTask;
import dev.faultline.protocol.hostmemory.HostMemoryState;
import dev.faultline.protocol.hostmemory.Unmapping;
import dev.faultline.protocol.iommu.IommuTask;
import dev.faultline.protocol.kvm.KvmTask;
import dev.faultline.protocol.kvm.KvmWork;
import dev.faultline.protocol.message.Endpoint;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.TaskId;
import dev.faultline.protocol.vmm.Origin;
import dev.faultline.protocol.vmm.VmmTask;
import dev.faultline.world.Channel;
import dev.faultline.world.World;
import java.util.Optional;

/**
 * On whose behalf something runs in a world: the vCPU, the process or the device at the beginning
 * of the chain of calls. A chain mostly does one thing after the other, as a thread does; a channel
 * is too small for one, since every call of the chain takes another.
 *
 * <p>Limits: where a chain forks (an invalidation told to two VMs, two devices unmapped at once)
 * its branches count as one thread, so that no priority puts one before the other; what a VMM does
 * for a vCPU counts as the vCPU's, although another thread of the VMM could do it.
 */
final class Threads {

  /** A chain of calls is not longer; a world in which it were has a circle. */
  private static final int LONGEST = 16;

  private Threads() {}

  /** On whose behalf the oldest message of a channel is under way. */
  static String of(World world, Channel channel) {
    TaskId to = world.underWay(channel).getFirst().to();
    Endpoint receiver = new Endpoint(channel.to(), to);
    // An answer goes to a task that waits; a call comes from a task, or from where all begins.
    return caller(world, receiver).isPresent()
        ? of(world, receiver)
        : isTask(world, channel.from()) || isFirst(channel.from().party())
            ? of(world, channel.from())
            : channel.to().name();
  }

  /** On whose behalf a task runs. */
  static String of(World world, PartyId party, TaskId task) {
    return isFirst(party) && !isTask(world, new Endpoint(party, task))
        ? party + " work" // of the kernel, once the process has gone on
        : of(world, new Endpoint(party, task));
  }

  private static boolean isTask(World world, Endpoint endpoint) {
    return caller(world, endpoint).isPresent();
  }

  private static boolean isFirst(PartyId party) {
    return switch (party.kind()) {
      case GUEST, VMM, HOST_IO -> true;
      case KVM, GMEM, ANCHOR, HOST_MEMORY, IOMMU -> false;
    };
  }

  private static String of(World world, Endpoint endpoint) {
    Endpoint first = endpoint;
    for (int calls = 0; calls < LONGEST; calls++) {
      Optional<Endpoint> caller = caller(world, first);
      if (caller.isEmpty()) {
        return first.party().name();
      }
      first = caller.get();
    }
    return first.party().name();
  }

  /** Who called a task; empty if it is none that is under way. */
  private static Optional<Endpoint> caller(World world, Endpoint endpoint) {
    PartyId party = endpoint.party();
    TaskId id = endpoint.task();
    if (id.equals(TaskId.NONE)) {
      return Optional.empty();
    }
    return switch (party.kind()) {
      case GUEST, HOST_IO, ANCHOR -> Optional.empty();
      case VMM -> world.vmm().findTask(id).map(task -> caller(party, task));
      case KVM -> world.kvm().findTask(id).map(Threads::caller);
      case GMEM -> ((GmemState) world.state(party)).findTask(id).map(GmemTask::caller);
      case HOST_MEMORY ->
          ((HostMemoryState) world.state(party)).findTask(id).map(Unmapping::caller);
      case IOMMU -> world.iommu().findTask(id).map(IommuTask::caller);
    };
  }

  private static Endpoint caller(PartyId vmm, VmmTask task) {
    return switch (task) {
      case VmmTask.Conversion conversion ->
          switch (conversion.origin()) {
            case Origin.Hypercall(PartyId vcpu) -> Endpoint.of(vcpu);
            case Origin.MemoryFault(PartyId vcpu) -> Endpoint.of(vcpu);
            case Origin.Script() -> Endpoint.of(vmm);
          };
      case VmmTask.Call _, VmmTask.Simple _ -> Endpoint.of(vmm);
      case VmmTask.Dma dma -> dma.device();
    };
  }

  private static Endpoint caller(KvmTask task) {
    return switch (task.work()) {
      case KvmWork.GuestAccess access -> Endpoint.of(access.vcpu());
      case KvmWork.MapGpa request -> Endpoint.of(request.vcpu());
      case KvmWork.AttributeChange _, KvmWork.Invalidation _, KvmWork.InvalidationEnd _ ->
          task.caller();
    };
  }
}
