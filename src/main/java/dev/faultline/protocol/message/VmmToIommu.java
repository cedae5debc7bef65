package dev.faultline.protocol.message;

import dev.faultline.protocol.memory.GfnRange;

/** VFIO and iommufd calls of a VMM. The IOVA is the guest physical address. */
public sealed interface VmmToIommu extends ToIommu {

  /** VFIO_IOMMU_MAP_DMA: pin the pages behind the VMM's mapping and map them. */
  record MapDma(PartyId device, GfnRange iova) implements VmmToIommu {}

  /** VFIO_IOMMU_UNMAP_DMA: answered when translations already made are used up. */
  record UnmapDma(PartyId device, GfnRange iova) implements VmmToIommu {}
}
