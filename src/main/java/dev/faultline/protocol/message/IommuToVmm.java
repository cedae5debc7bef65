package dev.faultline.protocol.message;

/** What VFIO and iommufd calls return. */
public sealed interface IommuToVmm extends ToVmm {

  /** MAP_DMA returned. */
  record Mapped(Result result) implements IommuToVmm {}

  /** UNMAP_DMA returned. */
  record Unmapped(Result result) implements IommuToVmm {}
}
