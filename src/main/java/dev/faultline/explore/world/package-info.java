/** A {@link dev.faultline.world.World} as a model for the explorer. */
@NullMarked
package dev.faultline.explore.world;

import org.jspecify.annotations.NullMarked;
