package dev.faultline.protocol.message;

/** What a VM of KVM can be told. */
public sealed interface ToKvm extends Message
    permits GuestToKvm,
        VmmToKvm,
        ProcessToKvm,
        GmemToKvm,
        HostMemoryToKvm,
        AnchorToKvm,
        PagesAnswer {}
