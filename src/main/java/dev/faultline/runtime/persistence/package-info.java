/**
 * The journal of a run as an Akka Persistence plugin: one file a world, all of its persistence ids
 * in it, in the order of the writes.
 */
@NullMarked
package dev.faultline.runtime.persistence;

import org.jspecify.annotations.NullMarked;
