package dev.faultline.protocol.message;

/** What an IOMMU domain can be told. */
public sealed interface ToIommu extends Message permits VmmToIommu, DeviceToIommu, PagesAnswer {}
