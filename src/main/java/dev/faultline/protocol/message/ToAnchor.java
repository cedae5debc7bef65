package dev.faultline.protocol.message;

/** What a trust anchor can be told. */
public sealed interface ToAnchor extends Message permits KvmToAnchor, GmemToAnchor {}
