package dev.faultline.protocol.message;

import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.PfnRange;
import java.util.List;

/**
 * What KVM asks of the trust anchor: SEAMCALLs on TDX (arch/x86/kvm/vmx/tdx.c), hypercalls to EL2
 * on pKVM (arch/arm64/kvm/pkvm.c).
 */
public sealed interface KvmToAnchor extends ToAnchor {

  /**
   * An instruction of the mode's table about guest frames, at {@code map} by a guest fault or at
   * {@code unmap} by a zap. Answered by Succeeded, by Removed if the content of pages went with it,
   * by Refused, or, where the scenario leaves that open, by Busy.
   *
   * @param instruction its name in the mode's file
   * @param frames the frames behind pages that the anchor does not have yet, in the order of the
   *     range; empty where it knows them
   */
  record Instruct(String instruction, GfnRange range, List<PfnRange> frames)
      implements KvmToAnchor {
    public Instruct {
      frames = List.copyOf(frames);
    }
  }

  /**
   * An access of the guest goes by the anchor's table; an instruction of the guest changes it.
   * Answered by Translated, NotPresent, Dies, Fails or Refused. Model: no call of KVM; the CPU
   * walks the tables itself, and a hypercall of the guest goes to EL2.
   */
  record Translate(GfnRange range, Access access) implements KvmToAnchor {}
}
