/**
 * What the parties say to each other: one sealed file for each edge, and one sealed interface for
 * what a party can be told ({@code ToGuest}, {@code ToVmm}, ...).
 *
 * <p>A message is a value. It holds no reference to an actor, no clock and no step number, so it
 * can be compared, hashed, written to a journal and read back.
 */
@NullMarked
package dev.faultline.protocol.message;

import org.jspecify.annotations.NullMarked;
