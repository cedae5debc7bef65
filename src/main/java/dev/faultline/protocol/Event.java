package dev.faultline.protocol;

/** Something that happened to a party; its state is the fold of its events. */
public interface Event {}
