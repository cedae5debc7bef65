package dev.faultline.protocol.message;

/** What a vCPU of the guest can be told. */
public sealed interface ToGuest extends Message permits ScriptToGuest, KvmToGuest {}
