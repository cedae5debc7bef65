package dev.faultline.protocol.design;

import dev.faultline.protocol.memory.Errno;
import dev.faultline.protocol.memory.Page;
import dev.faultline.protocol.message.View;
import java.util.List;
import java.util.Optional;

/**
 * A kind of confidential guest: how it converts, and what its hardware or hypervisor does to a
 * page.
 *
 * @param name as in {@code --mode}
 * @param source where that is written
 * @param privateMemory the VM type has private memory (kvm_arch_has_private_mem)
 * @param guestAddressBits how wide a guest physical address is that a guest can ask to convert
 * @param guestChoosesView the guest's address says which view it wants; otherwise KVM takes the
 *     attribute
 * @param conversion how the guest converts
 * @param getUserPages what get_user_pages on the file returns whatever the page is (an address
 *     space with AS_NO_DIRECT_MAP); empty where it works
 * @param anchor what is kept of each page
 * @param trustedIo devices may reach private pages
 */
public record Mode(
    String name,
    String source,
    boolean privateMemory,
    int guestAddressBits,
    boolean guestChoosesView,
    Conversion conversion,
    Optional<Errno> getUserPages,
    Anchor anchor,
    boolean trustedIo) {

  public Mode {
    if (guestAddressBits < 32 || guestAddressBits > 52) {
      throw new IllegalArgumentException("guest addresses of " + guestAddressBits + " bits");
    }
  }

  /** Which part the VMM has in a conversion that the guest wants. */
  public enum Host {
    /** It is asked, and its answer counts. */
    ASKED,
    /** It is told when the anchor has done it; what it makes of that is its own business. */
    TOLD,
    /** There is no such exit. */
    NEVER
  }

  /**
   * How a guest converts.
   *
   * @param toPrivate what the guest tells the anchor about the pages of a request before the host
   *     hears of it, in order
   * @param toShared the same for the other direction
   * @param host the VMM's part
   * @param requestBytes the most that one request of the guest carries
   * @param exitBytes the most that one exit to the VMM carries
   * @param namesAddress a refusal names the first address that is not known to be done, and EAGAIN
   *     comes as RETRY; otherwise the guest learns that its request failed and no more
   * @param accept what the guest has to tell the anchor about pages that became private; empty
   *     where it has to do nothing
   */
  public record Conversion(
      List<String> toPrivate,
      List<String> toShared,
      Host host,
      long requestBytes,
      long exitBytes,
      boolean namesAddress,
      Optional<String> accept) {

    public Conversion {
      toPrivate = List.copyOf(toPrivate);
      toShared = List.copyOf(toShared);
      for (long bytes : List.of(requestBytes, exitBytes)) {
        if (bytes < Page.BYTES || bytes % Page.BYTES != 0) {
          throw new IllegalArgumentException(
              "a request or exit of " + bytes + " bytes is not page-aligned");
        }
      }
    }

    /** What the guest tells the anchor first. */
    public List<String> instructions(View target) {
      return target == View.PRIVATE ? toPrivate : toShared;
    }
  }

  /** Whether a page in a state has been accepted by the guest, where the guest has to. */
  public boolean isAccepted(String state) {
    return conversion
        .accept()
        .flatMap(anchor::find)
        .filter(accept -> accept.moves().containsValue(state))
        .isPresent();
  }
}
