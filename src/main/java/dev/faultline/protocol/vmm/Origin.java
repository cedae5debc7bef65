package dev.faultline.protocol.vmm;

import dev.faultline.protocol.message.PartyId;

/** Who is told how a conversion ended. */
public sealed interface Origin {

  /** A vCPU that asked by hypercall: hypercall.ret. */
  record Hypercall(PartyId vcpu) implements Origin {}

  /** A vCPU that touched memory with the other view. */
  record MemoryFault(PartyId vcpu) implements Origin {}

  /** The script. */
  record Script() implements Origin {}
}
