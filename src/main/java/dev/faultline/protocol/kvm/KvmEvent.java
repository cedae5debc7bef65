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

/** What can happen to a VM of KVM (virt/kvm/kvm_main.c, arch/x86/kvm as of 7.3). */
public sealed interface KvmEvent extends Event {

  /** A CPU entered KVM: a vCPU's access or MapGPA, an ioctl, or a call of the inode. */
  record TaskStarted(TaskId id, KvmTask task) implements KvmEvent {}

  /** It took a step, and stands as told. */
  record TaskProceeded(TaskId id, KvmTask task) implements KvmEvent, Event.Progress {}

  /** It left. */
  record TaskEnded(TaskId id) implements KvmEvent {}

  /** A task took a lock: kvm-&gt;slots_lock or kvm-&gt;mmu_lock. */
  record LockTaken(TaskId id, Lock lock, LockMode mode) implements KvmEvent {}

  /** A task let go of it. */
  record LockReleased(TaskId id, Lock lock) implements KvmEvent {}

  /** The VM's attribute of the range was stored (kvm_vm_set_mem_attributes, xa_store). */
  record AttributesStored(GfnRange range, View view) implements KvmEvent {}

  /**
   * An invalidation is under way (kvm_mmu_invalidate_begin): mmu_invalidate_in_progress is one
   * more.
   */
  record InvalidationBegun(GfnRange range) implements KvmEvent {}

  /**
   * An invalidation ended (kvm_mmu_invalidate_end): mmu_invalidate_seq moved, so every fault that
   * began before is stale.
   */
  record InvalidationEnded(GfnRange range) implements KvmEvent {}

  /** Guest mappings were removed (kvm_unmap_gfn_range); CPUs may still use them. */
  record Zapped(GfnRange range, View view) implements KvmEvent {}

  /** Guest mappings were installed (kvm_tdp_mmu_map). */
  record MappingInstalled(GfnRange range, View view, List<PfnRange> frames) implements KvmEvent {
    public MappingInstalled {
      frames = List.copyOf(frames);
    }
  }

  /**
   * The VM is dead (KVM_BUG_ON, vm_dead).
   *
   * @param errno what KVM_RUN returns from now on
   */
  record VmDied(Errno errno) implements KvmEvent {}
}
