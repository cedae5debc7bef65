package dev.faultline.protocol.design;

import dev.faultline.protocol.memory.Errno;

/** What the trust anchor makes of a load or store of the guest to a page. */
public sealed interface GuestAnswer {

  /** It is done. */
  record Passes() implements GuestAnswer {}

  /** There is no translation: KVM handles a fault. */
  record Faults() implements GuestAnswer {}

  /**
   * The VM is dead after it.
   *
   * @param errno what KVM_RUN returns from now on
   */
  record Dies(Errno errno) implements GuestAnswer {}

  /**
   * KVM_RUN fails, and would again.
   *
   * @param errno what it returns
   */
  record Fails(Errno errno) implements GuestAnswer {}
}
