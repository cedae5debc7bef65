package dev.faultline.protocol.kvm;

import dev.faultline.protocol.LockState;
import dev.faultline.protocol.Part;
import dev.faultline.protocol.memory.Errno;
import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.RangeMap;
import dev.faultline.protocol.memory.RangeSet;
import dev.faultline.protocol.message.TaskId;
import dev.faultline.protocol.message.View;
import java.util.Optional;

/** The parts of a VM's state. */
public sealed interface KvmPart<T> extends Part<T> {

  @Override
  default String member() {
    return "";
  }

  /** The guest frames with the VM's PRIVATE attribute (kvm-&gt;mem_attr_array). */
  record PrivateAttribute() implements KvmPart<RangeSet<GfnRange>> {
    @Override
    public String family() {
      return "private-attribute";
    }

    @Override
    public RangeSet<GfnRange> initial() {
      return RangeSet.empty();
    }
  }

  /**
   * The mappings of one kind: guest frame to pfn - gfn.
   *
   * @param view private mappings lie under a root of their own
   */
  record Mmu(View view) implements KvmPart<RangeMap<GfnRange, Long>> {
    @Override
    public String family() {
      return "mmu";
    }

    @Override
    public String member() {
      return view.word();
    }

    @Override
    public RangeMap<GfnRange, Long> initial() {
      return RangeMap.empty();
    }
  }

  /** Invalidations under way. */
  record InProgress() implements KvmPart<Invalidations> {
    @Override
    public String family() {
      return "in-progress";
    }

    @Override
    public Invalidations initial() {
      return Invalidations.NONE;
    }
  }

  /** kvm-&gt;slots_lock. */
  record SlotsLock() implements KvmPart<LockState> {
    @Override
    public String family() {
      return "slots-lock";
    }

    @Override
    public LockState initial() {
      return LockState.FREE;
    }
  }

  /** kvm-&gt;mmu_lock. */
  record MmuLock() implements KvmPart<LockState> {
    @Override
    public String family() {
      return "mmu-lock";
    }

    @Override
    public LockState initial() {
      return LockState.FREE;
    }
  }

  /** A CPU in KVM. */
  record Task(TaskId id) implements KvmPart<Optional<KvmTask>> {
    @Override
    public String family() {
      return "task";
    }

    @Override
    public String member() {
      return id.toString();
    }

    @Override
    public Optional<KvmTask> initial() {
      return Optional.empty();
    }
  }

  /** kvm-&gt;vm_dead: every further KVM_RUN fails with this. */
  record Dead() implements KvmPart<Optional<Errno>> {
    @Override
    public String family() {
      return "dead";
    }

    @Override
    public Optional<Errno> initial() {
      return Optional.empty();
    }
  }
}
