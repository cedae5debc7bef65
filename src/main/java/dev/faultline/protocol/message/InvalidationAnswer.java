package dev.faultline.protocol.message;

import dev.faultline.protocol.memory.PfnRange;
import java.util.List;

/** What KVM answers an inode or an address space that takes mappings of the guest away. */
public sealed interface InvalidationAnswer extends ToGmem, ToHostMemory {

  /**
   * Answers {@link GmemToKvm.InvalidateBegin} and {@link HostMemoryToKvm.InvalidateRangeStart}:
   * mappings are gone, CPUs flushed, accesses done.
   *
   * @param destroyed frames whose content the trust anchor destroyed when it let them go
   */
  record Begun(List<PfnRange> destroyed) implements InvalidationAnswer {
    public Begun {
      destroyed = List.copyOf(destroyed);
    }
  }

  /**
   * Answers {@link GmemToKvm.InvalidateEnd} and {@link HostMemoryToKvm.InvalidateRangeEnd}: faults
   * that began before the end begin again.
   */
  record Ended() implements InvalidationAnswer {}
}
