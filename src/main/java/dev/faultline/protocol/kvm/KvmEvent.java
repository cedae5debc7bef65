package dev.faultline.protocol.kvm;

import dev.faultline.protocol.Event;
import dev.faultline.protocol.design.Lock;
import dev.faultline.protocol.design.LockMode;
import dev.faultline.protocol.memory.Errno;
import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.PfnRange;
import dev.faultline.protocol.message.TaskId;
import dev.faultline.protocol.message.View;
import java.util.List;

/** What can happen to a VM of KVM. */
public sealed interface KvmEvent extends Event {

  /** A CPU entered KVM. */
  record TaskStarted(TaskId id, KvmTask task) implements KvmEvent {}

  /** It took a step, and stands as told. */
  record TaskProceeded(TaskId id, KvmTask task) implements KvmEvent, Event.Progress {}

  /** It left. */
  record TaskEnded(TaskId id) implements KvmEvent {}

  /** A lock was taken. */
  record LockTaken(TaskId id, Lock lock, LockMode mode) implements KvmEvent {}

  /** It was let go. */
  record LockReleased(TaskId id, Lock lock) implements KvmEvent {}

  /** The VM's attribute of the range was stored. */
  record AttributesStored(GfnRange range, View view) implements KvmEvent {}

  /** An invalidation is under way. */
  record InvalidationBegun(GfnRange range) implements KvmEvent {}

  /** An invalidation ended; every fault that began before is stale. */
  record InvalidationEnded(GfnRange range) implements KvmEvent {}

  /** Guest mappings were removed. */
  record Zapped(GfnRange range, View view) implements KvmEvent {}

  /** Guest mappings were installed. */
  record MappingInstalled(GfnRange range, View view, List<PfnRange> frames) implements KvmEvent {
    public MappingInstalled {
      frames = List.copyOf(frames);
    }
  }

  /** The VM is dead. */
  record VmDied(Errno errno) implements KvmEvent {}
}
