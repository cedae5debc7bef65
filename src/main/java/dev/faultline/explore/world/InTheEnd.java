package dev.faultline.explore.world;

import dev.faultline.world.World;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * That a world comes to be so in the end, on every fair run.
 *
 * @param property its name
 * @param from worlds after which it has to; the first one if empty
 * @param to worlds that are so
 */
public record InTheEnd(String property, Optional<Predicate<World>> from, Predicate<World> to) {}
