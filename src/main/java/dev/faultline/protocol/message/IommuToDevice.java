package dev.faultline.protocol.message;

/** How a DMA transfer ended. */
public sealed interface IommuToDevice extends ToHostIo {

  /**
   * The transfer is done, or the IOMMU had no translation.
   *
   * @param result Loaded or Ok; Failed with EFAULT without a translation
   */
  record DmaDone(Result result) implements IommuToDevice {}
}
