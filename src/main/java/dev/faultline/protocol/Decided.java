package dev.faultline.protocol;

/** What a decider says: one decision, or a choice that something outside the model makes. */
public sealed interface Decided<E extends Event> permits Decision, Choice {}
