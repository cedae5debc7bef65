package dev.faultline.protocol.design;

/**
 * How a guest kernel asks for conversions.
 *
 * @param name as in {@code --guest}
 * @param source the kernel and function read
 * @param retriesWithoutProgress how often it repeats a request that came back with RETRY and the
 *     same address; progress resets the count
 */
public record GuestProfile(String name, String source, int retriesWithoutProgress) {

  public GuestProfile {
    if (retriesWithoutProgress < 0) {
      throw new IllegalArgumentException("retries " + retriesWithoutProgress + " is negative");
    }
  }
}
