package dev.faultline.scenario.yaml;

/**
 * A value with the place it was read from.
 *
 * @param value what was read
 * @param at where it stands
 */
public record Located<T>(T value, Position at) {}
