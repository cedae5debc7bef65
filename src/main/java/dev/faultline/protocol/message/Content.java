package dev.faultline.protocol.message;

/** What an instruction of the trust anchor does to the bytes of a page that it moves. */
public enum Content {
  /** They stay as they are. */
  KEEP,
  /** They are cleared: TDG.MEM.PAGE.ACCEPT, or pKVM's hyp_poison_page before the host has it. */
  ZERO,
  /**
   * Another key decrypts them now: SNP's guest and host see each other's pages as ciphertext.
   * Model: one byte that is always the same, {@link #GARBAGE_BYTE}.
   */
  GARBAGE;

  /** What garbage reads as, 0..255. */
  public static final int GARBAGE_BYTE = 165;

  /**
   * The byte after it.
   *
   * @param before the byte before, 0..255
   */
  public int after(int before) {
    return switch (this) {
      case KEEP -> before;
      case ZERO -> 0;
      case GARBAGE -> GARBAGE_BYTE;
    };
  }
}
