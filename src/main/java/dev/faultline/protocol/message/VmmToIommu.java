package dev.faultline.protocol.message;

import dev.faultline.protocol.memory.GfnRange;

/**
 * VFIO and iommufd calls of a VMM (drivers/vfio/vfio_iommu_type1.c). The IOVA is the guest physical
 * address.
 */
public sealed interface VmmToIommu extends ToIommu {

  /**
   * VFIO_IOMMU_MAP_DMA (vfio_dma_do_map): pin the pages behind the VMM's mapping for long and map
   * them. Answered by {@link IommuToVmm.Mapped}; EEXIST over an existing mapping, EFAULT if the
   * pages are not to be had.
   *
   * @param device whose driver model asked
   */
  record MapDma(PartyId device, GfnRange iova) implements VmmToIommu {}

  /**
   * VFIO_IOMMU_UNMAP_DMA (vfio_dma_do_unmap): answered by {@link IommuToVmm.Unmapped} when
   * translations already made are used up; EINVAL if the range cuts a mapping in two. Nothing
   * mapped there is no error.
   *
   * @param device whose driver model asked; any device of the container may have asked for the
   *     mapping
   */
  record UnmapDma(PartyId device, GfnRange iova) implements VmmToIommu {}
}
