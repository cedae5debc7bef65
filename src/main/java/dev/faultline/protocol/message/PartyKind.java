package dev.faultline.protocol.message;

/** The kinds of parties of a world; the order is the order of columns in a ladder. */
public enum PartyKind {
  /** One vCPU of a guest with what its kernel believes of memory. */
  GUEST,
  /** The user-space half of a virtual machine: QEMU, Cloud Hypervisor, crosvm, ... */
  VMM,
  /** One VM of the KVM module. */
  KVM,
  /** One guest_memfd inode. */
  GMEM,
  /** The trust anchor: TDX module, SNP RMP, pKVM EL2, direct map. */
  ANCHOR,
  /** The address space of one host process. */
  HOST_MEMORY,
  /** One IOMMU domain. */
  IOMMU,
  /** A host user of guest memory: a device, an io_uring, an O_DIRECT reader, a thread. */
  HOST_IO
}
