package dev.faultline.protocol.design;

import dev.faultline.protocol.memory.Errno;
import dev.faultline.protocol.memory.Page;
import java.util.List;

/**
 * A kind of confidential guest: what its hardware or hypervisor does to a private page.
 *
 * @param name as in {@code --mode}
 * @param source where that is written
 * @param privateMemory the VM type has private memory (kvm_arch_has_private_mem)
 * @param guestAddressBits how wide a guest physical address is that a guest can ask to convert
 * @param guestChoosesView the guest's address says which view it wants; otherwise KVM takes the
 *     attribute
 * @param anchorTranslates private accesses are translated by the trust anchor's own tables
 * @param toGuest calls of KVM to the anchor when a private page is mapped, in order
 * @param fromGuest calls when it is unmapped, in order
 * @param beforeAccept what KVM_RUN returns when the guest touches a page it has not accepted
 * @param mapGpaPieceBytes the most that one MapGPA exit carries
 * @param trustedIo devices may reach private pages
 */
public record Mode(
    String name,
    String source,
    boolean privateMemory,
    int guestAddressBits,
    boolean guestChoosesView,
    boolean anchorTranslates,
    List<AnchorCall> toGuest,
    List<AnchorCall> fromGuest,
    Errno beforeAccept,
    long mapGpaPieceBytes,
    boolean trustedIo) {

  /** What KVM can ask of a trust anchor about a range. */
  public enum AnchorCall {
    AUGMENT,
    BLOCK,
    TRACK,
    REMOVE
  }

  public Mode {
    toGuest = List.copyOf(toGuest);
    fromGuest = List.copyOf(fromGuest);
    if (guestAddressBits < 32 || guestAddressBits > 52) {
      throw new IllegalArgumentException("guest addresses of " + guestAddressBits + " bits");
    }
    if (mapGpaPieceBytes < Page.BYTES || mapGpaPieceBytes % Page.BYTES != 0) {
      throw new IllegalArgumentException(
          "a MapGPA piece of " + mapGpaPieceBytes + " bytes is not page-aligned");
    }
  }
}
