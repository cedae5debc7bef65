package dev.faultline.explore;

import java.util.Optional;
import java.util.function.Function;

/**
 * What is looked for in states besides what breaks a promise.
 *
 * @param name as a person says it
 * @param seen what a state shows of it, if it does
 * @param ends whether the search ends where it is seen; else it has to be seen once
 */
public record Goal(String name, Function<Sight, Optional<String>> seen, boolean ends) {}
