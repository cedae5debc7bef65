package dev.faultline.protocol.design;

import dev.faultline.protocol.memory.Page;

/**
 * How a guest kernel asks for conversions.
 *
 * @param name as in {@code --guest}
 * @param source the kernel and function read
 * @param retriesWithoutProgress how often it repeats a request that came back with RETRY and the
 *     same address; progress resets the count
 * @param terminates a conversion that fails ends the guest (sev_es_terminate); otherwise it is told
 *     to whoever wanted it
 * @param requestBytes the most that it puts into one request; the mode may carry less
 */
public record GuestProfile(
    String name, String source, int retriesWithoutProgress, boolean terminates, long requestBytes) {

  /** A guest that asks for as much as it wants and lives on. */
  public GuestProfile(String name, String source, int retriesWithoutProgress) {
    this(name, source, retriesWithoutProgress, false, Long.MAX_VALUE / Page.BYTES * Page.BYTES);
  }

  public GuestProfile {
    if (retriesWithoutProgress < 0) {
      throw new IllegalArgumentException("retries " + retriesWithoutProgress + " is negative");
    }
  }
}
