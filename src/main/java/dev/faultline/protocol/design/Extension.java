package dev.faultline.protocol.design;

/**
 * What KVM_CHECK_EXTENSION answers about one extension.
 *
 * @param number KVM_CAP_*
 * @param system on /dev/kvm
 * @param withPrivateMemory on a VM whose type has private memory
 * @param without on any other VM
 */
public record Extension(long number, long system, long withPrivateMemory, long without) {

  /** The answer on a VM of a mode. */
  public long of(Mode mode) {
    return mode.privateMemory() ? withPrivateMemory : without;
  }
}
