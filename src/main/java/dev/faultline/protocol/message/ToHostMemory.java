package dev.faultline.protocol.message;

/** What the address space of a host process can be told. */
public sealed interface ToHostMemory extends Message
    permits ProcessToHostMemory, InvalidationAnswer, HostMemoryToProcess.Unmapped {}
