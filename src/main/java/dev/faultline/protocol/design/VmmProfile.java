package dev.faultline.protocol.design;

import dev.faultline.protocol.memory.Errno;
import dev.faultline.protocol.message.View;
import java.util.List;
import java.util.Optional;

/**
 * How a VMM does its part of a conversion.
 *
 * @param name as in {@code --vmm}
 * @param source the program and the version read
 * @param toPrivate its steps, in order
 * @param toShared its steps, in order
 * @param blocked what it does when the call says that pages are in use
 * @param memoryFault what it does with a KVM_EXIT_MEMORY_FAULT
 */
public record VmmProfile(
    String name,
    String source,
    List<VmmAct> toPrivate,
    List<VmmAct> toShared,
    Blocked blocked,
    MemoryFault memoryFault) {

  public VmmProfile {
    toPrivate = List.copyOf(toPrivate);
    toShared = List.copyOf(toShared);
  }

  public List<VmmAct> steps(View target) {
    return target == View.PRIVATE ? toPrivate : toShared;
  }

  /** A step of a VMM's conversion. */
  public enum VmmAct {
    /** The conversion call of the revision. */
    SET_ATTRIBUTES,
    /** Write the change into the VMM's own map of attributes. */
    RECORD,
    /** Unmap the range from the DMA mappings the VMM knows. */
    UNMAP_DMA,
    /** Take buffers of the range back from the users that registered them. */
    UNREGISTER_BUFFERS,
    /** madvise(MADV_DONTNEED) on the VMM's own mapping. */
    UNMAP_HOST,
    /** Free the range's pages in the gmem file. */
    PUNCH_HOLE
  }

  /**
   * The policy for a blocked conversion.
   *
   * @param fix steps to do before the call is made again
   * @param retries how often it is made again, at most
   * @param waitForNotification where the kernel notifies, wait for that once fixing did not help
   * @param then what the guest is told at last: hypercall.ret; empty stops the VM
   * @param givesUp after the retries; otherwise it makes the call again for ever
   */
  public record Blocked(
      List<VmmAct> fix,
      int retries,
      boolean waitForNotification,
      Optional<Errno> then,
      boolean givesUp) {

    /** A VMM that gives up. */
    public Blocked(
        List<VmmAct> fix, int retries, boolean waitForNotification, Optional<Errno> then) {
      this(fix, retries, waitForNotification, then, true);
    }

    public Blocked {
      fix = List.copyOf(fix);
      if (retries < 0) {
        throw new IllegalArgumentException("retries " + retries + " is negative");
      }
    }
  }

  /** What a VMM does when a vCPU touched memory with the other view. */
  public enum MemoryFault {
    /** Converts the page to the wished view and runs the vCPU again (implicit conversion). */
    CONVERT,
    /** Stops the VM. */
    STOP,
    /** Moves the vCPU behind the access, and runs it again. */
    SKIP
  }
}
