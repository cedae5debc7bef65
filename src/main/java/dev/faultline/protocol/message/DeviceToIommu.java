package dev.faultline.protocol.message;

import dev.faultline.protocol.memory.GfnRange;

/** What a device does on the bus. */
public sealed interface DeviceToIommu extends ToIommu {

  /** One DMA transfer of a byte. */
  record Dma(GfnRange iova, Access access) implements DeviceToIommu {}
}
