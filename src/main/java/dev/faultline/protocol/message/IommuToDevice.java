package dev.faultline.protocol.message;

/** How a DMA transfer ended. */
public sealed interface IommuToDevice extends ToHostIo {

  /** The transfer is done, or the IOMMU had no translation (Failed with EFAULT). */
  record DmaDone(Result result) implements IommuToDevice {}
}
