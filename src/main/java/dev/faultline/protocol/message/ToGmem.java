package dev.faultline.protocol.message;

/** What a guest_memfd inode can be told. */
public sealed interface ToGmem extends Message
    permits ProcessToGmem,
        KvmToGmem,
        HostMemoryToGmem,
        PageUserToGmem,
        InvalidationAnswer,
        AnchorToGmem {}
