package dev.faultline.protocol.design;

import java.util.List;

/**
 * The flags that KVM_CREATE_GUEST_MEMFD knows; any other is EINVAL.
 *
 * @param withPrivateMemory on a VM whose type has private memory
 * @param without on any other VM
 */
public record GmemFlags(List<GmemFlag> withPrivateMemory, List<GmemFlag> without) {

  public GmemFlags {
    withPrivateMemory = List.copyOf(withPrivateMemory);
    without = List.copyOf(without);
  }

  /** The bits that are valid for a VM of a mode. */
  public long bits(Mode mode) {
    return (mode.privateMemory() ? withPrivateMemory : without)
        .stream().mapToLong(GmemFlag::bit).sum();
  }
}
