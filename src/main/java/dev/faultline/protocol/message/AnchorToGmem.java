package dev.faultline.protocol.message;

import dev.faultline.protocol.memory.Errno;
import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.PfnRange;
import java.util.List;
import java.util.Optional;

/** What the trust anchor tells a gmem inode. */
public sealed interface AnchorToGmem extends ToGmem {

  /**
   * What the host may do with frames is from now on what it may do with pages of this state; and
   * what they hold. Answered by {@link GmemToAnchor.Guarded}, before which the anchor answers
   * nobody whom it concerns. Model: no call of the kernel; RMP, stage 2 and direct map are walked
   * by the CPU, here they lie with the bytes.
   */
  record Guard(List<PfnRange> frames, String state, Content content) implements AnchorToGmem {
    public Guard {
      frames = List.copyOf(frames);
    }
  }

  /** Answers {@link GmemToAnchor.Instruct}: done. */
  record Done() implements AnchorToGmem {}

  /**
   * Answers {@link GmemToAnchor.Instruct}: nothing is done.
   *
   * @param range the first pages that refuse
   * @param state what they are
   */
  record Refused(Errno errno, GfnRange range, String state) implements AnchorToGmem {}

  /**
   * Answers {@link GmemToAnchor.KernelAccess}: the access is to be tried again.
   *
   * @param refused why the page does not come back; EAGAIN if it is not the guest's any more
   */
  record Retry(PfnRange frames, Access access, Endpoint caller, Optional<Errno> refused)
      implements AnchorToGmem {}
}
