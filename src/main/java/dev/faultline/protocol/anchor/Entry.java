package dev.faultline.protocol.anchor;

/**
 * What the trust anchor keeps of a guest frame.
 *
 * @param state a state of the mode's table, never {@code absent}
 * @param offset frame number minus guest frame number
 */
public record Entry(String state, long offset) {}
