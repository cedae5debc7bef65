/**
 * A world: the states of all parties, the messages under way, the scripts; and the steps that
 * change it. Still pure.
 */
@NullMarked
package dev.faultline.world;

import org.jspecify.annotations.NullMarked;
