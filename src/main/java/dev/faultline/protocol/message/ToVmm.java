package dev.faultline.protocol.message;

/** What a VMM can be told. */
public sealed interface ToVmm extends Message
    permits ScriptToVmm,
        KvmToVmm,
        KvmToProcess,
        GmemToProcess,
        HostMemoryToProcess,
        IommuToVmm,
        HostIoToVmm {}
