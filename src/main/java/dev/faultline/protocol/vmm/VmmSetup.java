package dev.faultline.protocol.vmm;

import dev.faultline.protocol.design.ConvertCall;
import dev.faultline.protocol.memory.Errno;
import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.View;
import java.util.List;

/**
 * What is fixed about a VMM for the life of a world.
 *
 * @param memory its address space
 * @param kvm the VM
 * @param gmem the inode behind its memory
 * @param iommu its VFIO container
 * @param ram the guest frames that are memory; page 0 of the file is their first
 * @param initialView what it believes of memory before any call
 * @param call the ioctl that converts
 * @param blocked the errno by which that says that pages are in use
 * @param cancels the revision has a call that gives a conversion up
 * @param notifies the revision tells when what blocked is gone
 * @param parts host users that belong to its process
 */
public record VmmSetup(
    PartyId memory,
    PartyId kvm,
    PartyId gmem,
    PartyId iommu,
    GfnRange ram,
    View initialView,
    ConvertCall call,
    Errno blocked,
    boolean cancels,
    boolean notifies,
    List<PartyId> parts) {

  public VmmSetup {
    parts = List.copyOf(parts);
  }
}
