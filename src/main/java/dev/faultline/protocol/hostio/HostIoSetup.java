package dev.faultline.protocol.hostio;

import dev.faultline.protocol.design.ConvertCall;
import dev.faultline.protocol.message.PartyId;
import java.util.List;

/**
 * What is fixed about a host user for the life of a world.
 *
 * @param kind what it is
 * @param memory the address space that its pages are taken from
 * @param vmm the VMM
 * @param ofVmm it is a part of the VMM's process
 * @param kvm the VM that the conversion ioctl is called on, where it is one of the VM
 * @param gmem the file that its conversion calls and holes are of
 * @param pages the inode whose pages its process has mapped: that file, or another one
 * @param iommu the domain that its DMA goes through
 * @param siblings other host users of the same process, if that is not the VMM's; it tells them of
 *     its death
 * @param call the ioctl that converts
 * @param catchesSigbus it has a handler for SIGBUS that leaves the access (siglongjmp), as the
 *     kernel's selftests have; otherwise its process dies
 */
public record HostIoSetup(
    Kind kind,
    PartyId memory,
    PartyId vmm,
    boolean ofVmm,
    PartyId kvm,
    PartyId gmem,
    PartyId pages,
    PartyId iommu,
    List<PartyId> siblings,
    ConvertCall call,
    boolean catchesSigbus) {

  public HostIoSetup {
    siblings = List.copyOf(siblings);
  }

  /** The kinds of host users. */
  public enum Kind {
    /** A device passed through with VFIO. */
    VFIO("vfio"),
    /** An io_uring with registered buffers. */
    IO_URING("io-uring"),
    /** A thread that does O_DIRECT transfers. */
    O_DIRECT("o-direct"),
    /** A process of its own with one thread. */
    PROCESS("process"),
    /** A further thread of the VMM. */
    THREAD("thread");

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    /** The word of scenarios. */
    public String word() {
      return word;
    }
  }
}
