/**
 * The protocol: what a party decides when it is told something, as a function without I/O.
 *
 * <p>Everything below this package sees only the JDK. There is no clock, no randomness, no log and
 * no thread in it, and every iteration has a fixed order: equal inputs give equal outputs.
 */
@NullMarked
package dev.faultline.protocol;

import org.jspecify.annotations.NullMarked;
