package dev.faultline.protocol.message;

/** What VFIO and iommufd calls return. */
public sealed interface IommuToVmm extends ToVmm {

  /**
   * MAP_DMA returned.
   *
   * @param result Ok, or Failed with EEXIST or EFAULT
   */
  record Mapped(Result result) implements IommuToVmm {}

  /**
   * UNMAP_DMA returned.
   *
   * @param result Ok, or Failed with EINVAL
   */
  record Unmapped(Result result) implements IommuToVmm {}
}
