package dev.faultline.property;

import dev.faultline.protocol.design.Operation;
import dev.faultline.protocol.gmem.GmemState;
import dev.faultline.protocol.gmem.GmemTask;
import dev.faultline.protocol.hostmemory.HostMemoryState;
import dev.faultline.protocol.hostmemory.Unmapping;
import dev.faultline.protocol.iommu.IommuTask;
import dev.faultline.protocol.kvm.KvmTask;
import dev.faultline.protocol.kvm.KvmWork;
import dev.faultline.protocol.message.Endpoint;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.View;
import dev.faultline.protocol.vmm.Origin;
import dev.faultline.protocol.vmm.VmmTask;
import dev.faultline.world.Script;
import dev.faultline.world.ScriptState;
import dev.faultline.world.World;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How those who wait are called in a sentence: what they do, and on whose behalf, unless that is
 * whom the sentence is about.
 */
final class WaiterNames {

  private final World world;
  private final Waiter subject;

  /**
   * @param subject whom the sentence is about
   */
  WaiterNames(World world, PartyId subject) {
    this.world = world;
    this.subject = new Waiter.OfScript(subject);
  }

  /** The name of the line that a party's script is at, if it has one to go. */
  static Optional<String> line(World world, PartyId party) {
    for (Script script : world.setup().scripts()) {
      if (script.party().equals(party)) {
        ScriptState state = world.progress(party);
        return state.running()
            ? Optional.of(script.lines().get(state.at()).name())
            : world.nextLine(script).map(line -> line.name());
      }
    }
    return Optional.empty();
  }

  String of(List<Waiter> all) {
    return all.stream().map(this::of).collect(Collectors.joining(" and "));
  }

  String of(Waiter waiter) {
    return switch (waiter) {
      case Waiter.OfScript(PartyId party) ->
          line(world, party).map(line -> party + "'s " + line).orElse(party.toString());
      case Waiter.OfTask(Endpoint task) ->
          work(task).map(work -> work + behalf(task)).orElse(task.toString());
    };
  }

  /** What a task does, and where. */
  private Optional<String> work(Endpoint task) {
    return switch (task.party().kind()) {
      case GMEM ->
          gmem(task).map(found -> "the " + word(found.operation()) + " in " + task.party());
      case KVM -> world.kvm().findTask(task.task()).map(found -> word(found.work()));
      case VMM -> world.vmm().findTask(task.task()).map(found -> word(task.party(), found));
      case IOMMU -> world.iommu().findTask(task.task()).map(WaiterNames::word);
      case HOST_MEMORY -> unmapping(task).map(_ -> "the unmapping in " + task.party());
      case GUEST, ANCHOR, HOST_IO -> Optional.empty();
    };
  }

  private static String word(Operation operation) {
    return switch (operation) {
      case CONVERT_TO_PRIVATE -> "conversion to private";
      case CONVERT_TO_SHARED -> "conversion to shared";
      case AGREE_TO_PRIVATE -> "agreement to private";
      case AGREE_TO_SHARED -> "agreement to shared";
      case CANCEL_CONVERSION -> "cancelling of a conversion";
      case HOST_FAULT -> "host fault";
      case GET_USER_PAGES -> "get_user_pages";
      case GET_USER_PAGES_FAST -> "get_user_pages_fast";
      case GET_PAGE -> "kvm_gmem_get_pfn";
      case PUNCH_HOLE -> "hole punching";
      case ALLOCATE -> "fallocate";
      case QUERY_MAPPABLE -> "query";
      case LAST_PUT -> "callback of a last put";
      case GUEST_FAULT -> "guest fault";
    };
  }

  private static String word(KvmWork work) {
    return switch (work) {
      case KvmWork.MapGpa map -> "the MapGPA of " + map.vcpu();
      case KvmWork.GuestAccess access -> "the access of " + access.vcpu();
      case KvmWork.AttributeChange change ->
          "the conversion to "
              + (change.target() == View.PRIVATE ? "private" : "shared")
              + " in kvm";
      case KvmWork.Invalidation _, KvmWork.InvalidationEnd _ -> "the invalidation in kvm";
    };
  }

  private static String word(PartyId vmm, VmmTask task) {
    return switch (task) {
      case VmmTask.Conversion conversion ->
          vmm
              + "'s conversion of page"
              + (conversion.range().pageCount() == 1 ? " " : "s ")
              + conversion.range();
      case VmmTask.Call _, VmmTask.Simple _ -> vmm + "'s call";
      case VmmTask.Dma dma -> vmm + "'s DMA " + (dma.mapping() ? "mapping" : "unmapping");
    };
  }

  private static String word(IommuTask task) {
    return switch (task) {
      case IommuTask.Map _ -> "the DMA mapping in the iommu";
      case IommuTask.Unmap _ -> "the DMA unmapping in the iommu";
      case IommuTask.Transfer _ -> "the DMA transfer";
    };
  }

  /** At whose script's wish a task is under way. */
  private String behalf(Endpoint task) {
    Endpoint at = task;
    for (Optional<Endpoint> next = caller(at); next.isPresent(); next = caller(at)) {
      at = next.get();
    }
    Waiter whose = new Waiter.OfScript(at.party());
    return whose.equals(subject) ? "" : " for " + of(whose);
  }

  /** Who called a task: a task of another party, or a party itself. */
  private Optional<Endpoint> caller(Endpoint task) {
    return switch (task.party().kind()) {
      case GMEM -> gmem(task).map(GmemTask::caller);
      case KVM -> world.kvm().findTask(task.task()).map(KvmTask::caller);
      case VMM -> world.vmm().findTask(task.task()).flatMap(WaiterNames::caller);
      case IOMMU -> world.iommu().findTask(task.task()).map(IommuTask::caller);
      case HOST_MEMORY -> unmapping(task).map(Unmapping::caller);
      case GUEST, ANCHOR, HOST_IO -> Optional.empty();
    };
  }

  private static Optional<Endpoint> caller(VmmTask task) {
    return switch (task) {
      case VmmTask.Conversion conversion ->
          switch (conversion.origin()) {
            case Origin.Hypercall(PartyId vcpu) -> Optional.of(Endpoint.of(vcpu));
            case Origin.MemoryFault(PartyId vcpu) -> Optional.of(Endpoint.of(vcpu));
            case Origin.Script() -> Optional.empty();
          };
      case VmmTask.Dma dma -> Optional.of(dma.device());
      case VmmTask.Call _, VmmTask.Simple _ -> Optional.empty();
    };
  }

  Optional<GmemTask> gmem(Endpoint task) {
    return ((GmemState) world.state(task.party())).findTask(task.task());
  }

  Optional<Unmapping> unmapping(Endpoint task) {
    return ((HostMemoryState) world.state(task.party())).findTask(task.task());
  }
}
