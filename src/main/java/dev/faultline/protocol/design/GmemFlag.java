package dev.faultline.protocol.design;

/** A flag of KVM_CREATE_GUEST_MEMFD (GUEST_MEMFD_FLAG_*). */
public enum GmemFlag {
  /** The file can be mapped. */
  MMAP(1),
  /** Every page is shared at first. */
  INIT_SHARED(2);

  private final long bit;

  GmemFlag(long bit) {
    this.bit = bit;
  }

  public long bit() {
    return bit;
  }
}
