package dev.faultline.protocol.message;

/** What a host user of guest memory can be told. */
public sealed interface ToHostIo extends Message
    permits ScriptToHostIo,
        VmmToHostIo,
        KvmToProcess,
        GmemToProcess,
        HostMemoryToProcess,
        PagesAnswer,
        IommuToDevice {}
