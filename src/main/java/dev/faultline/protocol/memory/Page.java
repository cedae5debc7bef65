package dev.faultline.protocol.memory;

/** A page: the unit in which guest memory, files and frames are counted. */
public final class Page {

  /** Its size. */
  public static final long BYTES = 4096;

  private Page() {}
}
