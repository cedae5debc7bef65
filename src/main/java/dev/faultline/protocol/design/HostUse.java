package dev.faultline.protocol.design;

/** How the host gets at the bytes of a frame. */
public enum HostUse {
  /** A thread reads through its page table. */
  USER_LOAD,
  /** A thread writes through its page table. */
  USER_STORE,
  /** The kernel reads by a pin that it holds: O_DIRECT, io_uring, vhost. */
  KERNEL_LOAD,
  /** The kernel writes by such a pin. */
  KERNEL_STORE,
  /** A device reads through the IOMMU. */
  DEVICE_LOAD,
  /** A device writes through the IOMMU. */
  DEVICE_STORE
}
