package dev.faultline.protocol.message;

import dev.faultline.protocol.memory.GfnRange;

/** What a device does on the bus. */
public sealed interface DeviceToIommu extends ToIommu {

  /**
   * One DMA transfer of a byte. Answered by {@link IommuToDevice.DmaDone}; EFAULT if not all of the
   * range is translated.
   *
   * @param iova guest physical, pages
   */
  record Dma(GfnRange iova, Access access) implements DeviceToIommu {}
}
