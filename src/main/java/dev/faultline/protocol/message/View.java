package dev.faultline.protocol.message;

/**
 * How the guest addresses a page, and what a page is to be converted to.
 *
 * <p>On TDX the shared bit of the guest physical address, on SNP the C-bit.
 */
public enum View {
  PRIVATE,
  SHARED;

  public View other() {
    return this == PRIVATE ? SHARED : PRIVATE;
  }

  /** The word of scenarios and ladders. */
  public String word() {
    return this == PRIVATE ? "private" : "shared";
  }
}
