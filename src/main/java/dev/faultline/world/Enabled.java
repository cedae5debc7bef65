package dev.faultline.world;

/**
 * A step that can be taken.
 *
 * @param since after which step it could first be taken; 0 before the first
 */
public record Enabled(Step step, long since) {}
