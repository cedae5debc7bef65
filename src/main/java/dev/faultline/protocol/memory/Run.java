package dev.faultline.protocol.memory;

/** Pages that follow on and have the same value. */
public record Run<R extends PageRange<R>, V>(R range, V value) {}
