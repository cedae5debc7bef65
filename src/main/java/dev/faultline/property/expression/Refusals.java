package dev.faultline.property.expression;

import dev.faultline.protocol.gmem.GmemState;
import dev.faultline.protocol.gmem.GmemTask;
import dev.faultline.protocol.kvm.KvmTask;
import dev.faultline.protocol.kvm.KvmWork;
import dev.faultline.protocol.memory.Errno;
import dev.faultline.protocol.message.GmemToKvm;
import dev.faultline.protocol.message.GmemToProcess;
import dev.faultline.protocol.message.HostMemoryToProcess;
import dev.faultline.protocol.message.IommuToDevice;
import dev.faultline.protocol.message.IommuToVmm;
import dev.faultline.protocol.message.KvmToGuest;
import dev.faultline.protocol.message.KvmToProcess;
import dev.faultline.protocol.message.KvmToVmm;
import dev.faultline.protocol.message.Message;
import dev.faultline.protocol.message.PagesAnswer;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.Result;
import dev.faultline.protocol.message.ScriptToHostIo;
import dev.faultline.protocol.message.TaskId;
import dev.faultline.protocol.message.View;
import dev.faultline.protocol.message.VmmToHostIo;
import dev.faultline.protocol.vmm.VmmTask;
import dev.faultline.world.Channel;
import dev.faultline.world.Envelope;
import dev.faultline.world.Parties;
import dev.faultline.world.World;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Refusals on their way to the caller: a task that was refused and now undoes what it did, and an
 * answer that says no. A world keeps nothing of a refusal that has arrived but who refused.
 */
final class Refusals {

  private Refusals() {}

  /** Whether one is on its way with a wanted errno; of a party if one is given. */
  static boolean any(World world, Optional<PartyId> by, Predicate<Errno> wanted) {
    for (PartyId inode : Operations.inodes(world)) {
      if (by.isEmpty() || by.get().equals(inode)) {
        GmemState file = (GmemState) world.state(inode);
        for (TaskId id : file.tasks()) {
          if (file.findTask(id).flatMap(GmemTask::refusal).filter(is(wanted)).isPresent()) {
            return true;
          }
        }
      }
    }
    if (by.isEmpty() || by.get().equals(Parties.KVM)) {
      for (TaskId id : world.kvm().tasks()) {
        if (world.kvm().findTask(id).flatMap(KvmTask::refusal).filter(is(wanted)).isPresent()) {
          return true;
        }
      }
    }
    for (Map.Entry<Channel, List<Envelope>> channel : world.channels().entrySet()) {
      boolean wantedParty = by.isEmpty() || by.get().equals(channel.getKey().from().party());
      if (wantedParty
          && channel.getValue().stream()
              .flatMap(envelope -> errno(envelope.message()).stream())
              .anyMatch(wanted)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether the no to a conversion is on its way with a wanted errno: to the VMM or the thread that
   * made the call, or from the inode to the VM that asked it.
   */
  static boolean anyOfConversion(World world, View target, Predicate<Errno> wanted) {
    for (Map.Entry<Channel, List<Envelope>> channel : world.channels().entrySet()) {
      for (Envelope envelope : channel.getValue()) {
        if (errno(envelope.message()).filter(wanted).isPresent()
            && converts(world, channel.getKey().to(), envelope.to()).equals(Optional.of(target))) {
          return true;
        }
      }
    }
    return false;
  }

  /** What a task makes of pages, if what it waits for is the answer to a conversion. */
  private static Optional<View> converts(World world, PartyId party, TaskId task) {
    return switch (party.kind()) {
      case VMM ->
          world
              .vmm()
              .findTask(task)
              .flatMap(
                  found ->
                      switch (found) {
                        case VmmTask.Conversion conversion -> Optional.of(conversion.target());
                        case VmmTask.Call(long _, long _, View view) -> Optional.of(view);
                        case VmmTask.Simple _, VmmTask.Dma _ -> Optional.empty();
                      });
      case HOST_IO ->
          world
              .hostIo(party)
              .operation()
              .flatMap(
                  operation ->
                      operation instanceof ScriptToHostIo.SetAttributes(long _, long _, View view)
                          ? Optional.of(view)
                          : Optional.empty());
      case KVM ->
          world
              .kvm()
              .findTask(task)
              .flatMap(
                  found ->
                      found.work() instanceof KvmWork.AttributeChange change
                          ? Optional.of(change.target())
                          : Optional.empty());
      case GUEST, GMEM, ANCHOR, HOST_MEMORY, IOMMU -> Optional.empty();
    };
  }

  private static Predicate<Result> is(Predicate<Errno> wanted) {
    return result -> errno(result).filter(wanted).isPresent();
  }

  static Optional<Errno> errno(Result result) {
    return result instanceof Result.Failed(Errno errno, var _)
        ? Optional.of(errno)
        : Optional.empty();
  }

  /** The errno of an answer that says no. */
  private static Optional<Errno> errno(Message message) {
    // Java closes a list of types within one package only; most messages are no answers at all.
    return switch (message) {
      case GmemToProcess.Returned(Result result, var _) -> errno(result);
      case GmemToKvm.Agreed(Result result) -> errno(result);
      case KvmToProcess.AttributesSet(Result result) -> errno(result);
      case KvmToGuest.Touched(Result result) -> errno(result);
      case KvmToVmm.MemoryFaultExit exit -> Optional.of(exit.errno());
      case KvmToVmm.RunFailed(PartyId _, Errno errno) -> Optional.of(errno);
      case PagesAnswer.NotGot(Errno errno) -> Optional.of(errno);
      case PagesAnswer.Transferred(Result result) -> errno(result);
      case HostMemoryToProcess.Touched(Result result) -> errno(result);
      case IommuToDevice.DmaDone(Result result) -> errno(result);
      case IommuToVmm.Mapped(Result result) -> errno(result);
      case IommuToVmm.Unmapped(Result result) -> errno(result);
      case VmmToHostIo.DmaMapped(Result result) -> errno(result);
      case VmmToHostIo.DmaUnmapped(Result result) -> errno(result);
      default -> Optional.empty();
    };
  }
}
