package dev.faultline.protocol.message;

/** Anything that one party can be told by another, or by its script. */
public sealed interface Message
    permits ToGuest, ToVmm, ToKvm, ToGmem, ToHostMemory, ToIommu, ToHostIo, ToAnchor, ToScript {}
