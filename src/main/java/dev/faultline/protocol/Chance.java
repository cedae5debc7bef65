package dev.faultline.protocol;

/** What something outside the model may do; a scenario says which of these are open. */
public enum Chance {
  /** A preallocation fails. */
  ALLOCATION_FAILS("allocation-fails"),
  /** The trust anchor finds an entry busy. */
  ANCHOR_BUSY("anchor-busy"),
  /** A signal is pending where a long system call looks for one. */
  SIGNAL_PENDING("signal-pending"),
  /** A host process dies, but for the VMM's: at any moment, with all its threads. */
  PROCESS_DIES("process-dies"),
  /** The VMM's process dies: at any moment, with all its threads and its VM. */
  VMM_DIES("vmm-dies");

  private final String word;

  Chance(String word) {
    this.word = word;
  }

  /** The word of scenarios. */
  public String word() {
    return word;
  }
}
